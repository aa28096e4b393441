//! What travels in the artifact without being code: names, reasons, delivery, masks.

use mapc_bytecode::{Builtin, Deliver, Mask, MaskMethod, Meta, Operation, Reason, ReasonIndex, Retry};
use mapc_check::typed;
use mapc_diagnostics::Code;

use super::{Encoder, small};

impl Encoder<'_> {
    pub(super) fn travel(&mut self) {
        let typed = self.typed;
        self.module.meta = Meta {
            map: typed.name.clone(),
            version: typed.version,
            tenant: typed.tenant.clone(),
            compiler: env!("CARGO_PKG_VERSION").to_owned(),
            source: typed.source.clone(),
            target: typed.target.clone(),
            operation: match typed.operation {
                typed::Operation::Create => Operation::Create,
                typed::Operation::Update => Operation::Update,
                typed::Operation::Upsert => Operation::Upsert,
            },
        };
        self.module.reasons = typed.reasons.iter().map(reason).collect();
        self.module.builtin = Builtin {
            not_json: self.reason_of(Code::R0101),
            bad_text: self.reason_of(Code::R0102),
            duplicate_key: self.reason_of(Code::R0103),
            depth: self.reason_of(Code::R0110),
            size: self.reason_of(Code::R0111),
            number: self.reason_of(Code::R0112),
            steps: self.reason_of(Code::R0113),
            output: self.reason_of(Code::R0114),
        };
        self.module.deliver = typed.deliver.as_ref().map(deliver);
        self.module.masks = typed.masks.iter().map(mask).collect();
    }

    fn reason_of(&self, code: Code) -> ReasonIndex {
        let place = self.typed.reasons.iter().position(|reason| reason.code == code);
        ReasonIndex(small(place.unwrap_or_default()))
    }
}

fn reason(reason: &typed::Reason) -> Reason {
    let number = reason.code.number();
    Reason {
        code: number.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or_default(),
        rule: reason.rule.clone(),
        text: reason.text.clone(),
        id: reason.id.clone(),
    }
}

fn deliver(deliver: &typed::Deliver) -> Deliver {
    let retry = |retry: &typed::Retry| match retry {
        typed::Retry::RetryAfter => Retry::RetryAfter,
        typed::Retry::Wait(seconds) => Retry::Wait(*seconds),
        typed::Retry::Backoff { from, to, horizon } => {
            Retry::Backoff { from: *from, to: *to, horizon: *horizon }
        }
    };
    Deliver {
        by: deliver.by.clone(),
        connections: deliver.connections.clone(),
        retries: deliver.retries.iter().map(|(class, strategy)| (class.clone(), retry(strategy))).collect(),
        unknown: deliver.unknown.clone(),
        dead_letter: deliver.dead_letter.clone(),
    }
}

fn mask(mask: &typed::Mask) -> Mask {
    let method = match mask.method {
        typed::MaskMethod::Hash => MaskMethod::Hash,
        typed::MaskMethod::Last(count) => MaskMethod::Last(count),
        typed::MaskMethod::Hide => MaskMethod::Hide,
    };
    Mask { path: mask.path.clone(), method }
}
