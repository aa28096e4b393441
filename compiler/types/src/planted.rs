//! Unsound rules that a test can switch on one at a time, to see that it finds them. Without the feature `planted`,
//! which no product crate asks for, [`is_on`] is the constant `false` and the wrong arms are compiled away.

macro_rules! lies {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A rule that is wrong on purpose.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Lie {
            $($(#[$doc])* $name,)+
        }

        impl Lie {
            /// All of them.
            pub const ALL: &'static [Lie] = &[$(Lie::$name,)+];
        }
    };
}

lies! {
    /// `upper` keeps the length: no growth.
    UpperKeepsLength,
    /// `upper` keeps the length of Latin-1 texts.
    UpperOfLatinAsAscii,
    /// `lower` keeps the length.
    LowerKeepsLength,
    /// A cut at grapheme clusters keeps the least length.
    CutKeepsLeast,
    /// Padding bounds the length.
    PadBoundsLength,
    /// Trimming keeps the least length.
    TrimKeepsLeast,
    /// Squeezing keeps the least length.
    SqueezeKeepsLeast,
    /// A longer replacement does not make a text longer.
    ReplaceKeepsMost,
    /// Without its prefix a text is as long as before.
    WithoutPrefixKeepsLeast,
    /// What stands before a mark is as long as the whole.
    BeforeKeepsLeast,
    /// Every part is there.
    PartNeverMissing,
    /// Something stands behind every mark.
    AfterNeverMissing,
    /// Every text has something beside blanks.
    NonblankNeverMissing,
    /// Every character is a digit.
    DigitsKeepsLeast,
    /// An end of a text is a beginning of it.
    EndKeepsBeginnings,
    /// Capital letters stay small letters.
    UpperKeepsClasses,
    /// Rounding stays in the range.
    RoundKeepsRange,
    /// Rounding down stays in the range.
    FloorKeepsRange,
    /// Dropping the sign stays in the range.
    AbsKeepsRange,
    /// The ends of a clamp have the decimals of the value.
    ClampKeepsGrid,
    /// A moment as text never has a fraction.
    MomentHasNoFraction,
    /// A sum lies on the least common multiple of the grids.
    GridsMeetInTheLarger,
    /// An exclusive end takes its own value.
    OpenEndIsClosed,
    /// Texts put together are as long as the longer one.
    ConcatKeepsLonger,
    /// Of two texts only the first may stand there.
    JoinForgetsRightText,
    /// Of two numbers only the first may stand there.
    JoinForgetsRightNumber,
    /// A product lies between low times low and high times high.
    ProductOfTwoCorners,
    /// A difference lies where the sum lies.
    SubtractAdds,
    /// A sum has at least one element.
    EmptySumHasElements,
    /// A sum is as large as one element.
    SumOfOne,
    /// A constant is as long as its UTF-8 bytes.
    LengthInBytes,
    /// A required field may be absent.
    FitsAbsentRequired,
    /// Rows that must differ may be equal.
    FitsEqualRows,
    /// Null fits everywhere.
    FitsNull,
    /// A closed record takes undeclared fields.
    FitsUndeclared,
    /// Any number of rows fits.
    FitsCount,
    /// `oneOf` of a target is read as `anyOf`.
    OneOfAsAnyOf,
    /// `if` of a target limits nothing.
    IfIgnored,
    /// `not` of a target limits nothing.
    NotIgnored,
    /// `nullable` adds null to an `enum` without null.
    NullableAddsNullToEnum,
    /// Keywords beside `$ref` are dropped in every draft.
    RefDropsSiblings,
    /// `additionalProperties` sees the fields of the other schemas.
    ClosedSeesAllOf,
    /// `exclusiveMinimum` is read as `minimum`.
    ExclusiveReadAsInclusive,
    /// A known format of a target limits nothing.
    FormatIgnored,
    /// `dependentRequired` of a target limits nothing.
    DependentIgnored,
    /// `minProperties` limits nothing.
    FieldCountIgnored,
    /// `contains` of a target limits nothing.
    ContainsIgnored,
    /// A pattern of a target is read as widely as that of a source.
    PatternReadWide,
    /// An update drops null as a creation does.
    NullIsDropped,
    /// After `or` the facts of its left side hold.
    JoinKeepsFacts,
    /// A comparison that is false says that the value is there.
    FalseMeansPresent,
    /// A filter keeps the least number of rows.
    FilterKeepsLeast,
    /// `or cut` keeps the least length.
    CutKeepsLimit,
    /// `or round` cannot leave the range.
    RoundNotLookedAtAgain,
    /// A field that `or omit` left out is there for other fields.
    OmittedIsThere,
    /// Any `default` fits.
    DefaultUnchecked,
    /// The longest length that a proof relies on is not tested.
    LimitNotTested,
    /// The upper end that a proof relies on is not tested.
    RangeNotTested,
    /// The list of values that a proof relies on is not tested.
    SetNotTested,
    /// The number of rows that a proof relies on is not tested.
    CountNotTested,
    /// A required source field is not tested for being there.
    PresenceNotTested,
    /// `when` never leaves a field out.
    ConditionAlwaysHolds,
    /// A choice without `otherwise` also answers a missing subject.
    ChoiceCoversMissing,
    /// A table row with `none` gives a value.
    NoneIsAValue,
    /// A text with a missing part is there.
    TemplateNeverMissing,
    /// A sum with a missing part is there.
    ArithmeticNeverMissing,
    /// `else` gives only what stands before it.
    ElseForgetsFallback,
    /// The first of no rows is there.
    FirstOfNothing,
    /// An id of the host has at most 20 characters.
    ReferenceIsShort,
    /// A guard on the longest length is not emitted.
    GuardDropped,
    /// A guard on a list is not emitted.
    ListGuardDropped,
}

#[cfg(feature = "planted")]
mod switch {
    use super::Lie;
    use std::cell::Cell;

    thread_local! {
        static ON: Cell<Option<Lie>> = const { Cell::new(None) };
    }

    /// Runs `work` while the lie is told on this thread.
    pub fn with<T>(lie: Lie, work: impl FnOnce() -> T) -> T {
        struct Before(Option<Lie>);
        impl Drop for Before {
            fn drop(&mut self) {
                ON.set(self.0);
            }
        }
        let _before = Before(ON.replace(Some(lie)));
        work()
    }

    /// Is this lie told on this thread?
    pub fn is_on(lie: Lie) -> bool {
        ON.get() == Some(lie)
    }

    /// The lie that is told on this thread.
    pub fn told() -> Option<Lie> {
        ON.get()
    }
}

#[cfg(feature = "planted")]
pub use switch::{is_on, told, with};

/// Is this lie told? Never, outside of the soundness tests.
#[cfg(not(feature = "planted"))]
#[inline(always)]
pub const fn is_on(_: Lie) -> bool {
    false
}
