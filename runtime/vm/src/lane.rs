//! Lanes: which instructions of the processor read a message. What a message says does not depend on the lane.

/// Which instructions read messages. Verdicts and documents are the same in every lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lane {
    /// Plain code, on every processor.
    Portable,
    /// x86-64 with AVX2, BMI1, BMI2, LZCNT and POPCNT.
    Avx2,
    /// The same with AVX-512 F and BW.
    Avx512,
}

impl Lane {
    /// The lanes that this processor has, the plain one first, the best last.
    pub fn available() -> Vec<Lane> {
        [Lane::Portable, Lane::Avx2, Lane::Avx512].into_iter().filter(|lane| lane.is_available()).collect()
    }

    /// The fastest lane that this processor has.
    pub fn best() -> Lane {
        [Lane::Avx512, Lane::Avx2].into_iter().find(|lane| lane.is_available()).unwrap_or(Lane::Portable)
    }

    /// Whether this processor has it. The answer is looked up once per process.
    pub fn is_available(self) -> bool {
        match self {
            Lane::Portable => true,
            Lane::Avx2 => crate::index::has_avx2(),
            Lane::Avx512 => crate::index::has_avx512(),
        }
    }

    /// This lane, or the plain one if the processor does not have it.
    pub fn or_portable(self) -> Lane {
        if self.is_available() { self } else { Lane::Portable }
    }

    /// As it is written in tables of measurements.
    pub fn name(self) -> &'static str {
        match self {
            Lane::Portable => "portable",
            Lane::Avx2 => "avx2",
            Lane::Avx512 => "avx512",
        }
    }
}
