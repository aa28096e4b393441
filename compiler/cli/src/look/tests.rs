//! Who decides on colour.

use super::{Surroundings, wants_colour};
use crate::arguments::Colour;

#[test]
fn colour_is_decided_by_the_strongest_word() {
    let check = |choice, terminal, no_color, forced, dumb, expect: bool| {
        let around = Surroundings { terminal, no_color, forced, dumb };
        assert_eq!(wants_colour(choice, around), expect, "{choice:?} {around:?}");
    };
    check(Colour::Auto, true, false, false, false, true);
    check(Colour::Auto, false, false, false, false, false);
    check(Colour::Auto, true, true, false, false, false);
    check(Colour::Auto, false, false, true, false, true);
    check(Colour::Auto, true, true, true, false, false);
    check(Colour::Auto, true, false, false, true, false);
    check(Colour::Always, false, true, false, true, true);
    check(Colour::Never, true, false, true, false, false);
}
