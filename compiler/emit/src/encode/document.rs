//! The document: records, lists and their rows around the output fields.

use mapc_bytecode::{FragmentIndex, Instruction};
use mapc_check::typed::{Action, ListNode};
use mapc_types::planted::{Lie, is_on};

use super::{Encoder, reason_index};
use crate::plan::{Piece, RowBody};

impl<'map> Encoder<'map> {
    pub(super) fn document(&mut self) {
        let plan = self.plan;
        let fragment = self.fragment(&[]);
        self.emit(Instruction::OpenRecord { fragment });
        self.pieces(&plan.document);
        self.emit(Instruction::CloseRecord { required: true });
    }

    fn pieces(&mut self, pieces: &'map [Piece<'map>]) {
        for piece in pieces {
            match piece {
                Piece::Value { keys, field, shape } => {
                    self.line_of(*field);
                    let fragment = self.fragment(keys);
                    self.put(fragment, *field, *shape);
                }
                Piece::Record { keys, pieces, required } => {
                    let fragment = self.fragment(keys);
                    self.emit(Instruction::OpenRecord { fragment });
                    self.pieces(pieces);
                    self.emit(Instruction::CloseRecord { required: *required });
                }
                Piece::List { keys, list, rows } => {
                    let fragment = self.fragment(keys);
                    match &list.when {
                        Some(when) => {
                            let over = self.code.label();
                            self.jump_unless(when, over);
                            self.branch(|encoder| encoder.list(fragment, list, rows));
                            self.code.bind(over);
                        }
                        None => self.list(fragment, list, rows),
                    }
                }
            }
        }
    }

    fn row(&mut self, rows: &'map RowBody<'map>) {
        match rows {
            RowBody::Record(pieces) => {
                self.emit(Instruction::OpenElement {});
                self.pieces(pieces);
                self.emit(Instruction::CloseElement {});
            }
            RowBody::Value { field, shape } => {
                self.line_of(*field);
                let fragment = self.fragment(&[]);
                self.put(fragment, *field, *shape);
                self.emit(Instruction::EndElement {});
            }
        }
    }

    fn list(&mut self, fragment: FragmentIndex, list: &'map ListNode, rows: &'map RowBody<'map>) {
        let mut totals = self.start_totals(list, rows);
        self.emit(Instruction::OpenList { fragment });
        self.walk(list.rows, true, |encoder| {
            encoder.row(rows);
            encoder.add_row(&mut totals);
        });
        self.totals.extend(totals);
        let required = list.required;
        let close = self.code.label();
        for item in list.guards.iter().filter(|_| !is_on(Lie::ListGuardDropped)) {
            let predicate = self.predicate(&item.predicate);
            let guard = self.guard_info(item, &list.target);
            match &item.action {
                Action::Reject { reason, text } if text.is_empty() => {
                    let reason = reason_index(*reason);
                    self.emit(Instruction::RequireList { predicate, required, guard, reason });
                }
                Action::Reject { reason, text } => {
                    let pass = self.code.label();
                    self.emit(Instruction::CheckList { predicate, required, guard, pass });
                    self.branch(|encoder| encoder.reject(*reason, text));
                    self.code.bind(pass);
                }
                Action::Omit => {
                    let pass = self.code.label();
                    self.emit(Instruction::CheckList { predicate, required, guard, pass });
                    self.emit(Instruction::ClearList {});
                    self.emit(Instruction::Jump { target: close });
                    self.code.bind(pass);
                }
                Action::Default(_) | Action::Cut(_) | Action::Round { .. } => {}
            }
        }
        self.code.bind(close);
        self.emit(Instruction::CloseList { required });
    }
}
