//! Feeds any bytes to `mapc_soundness::targets::run`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: mapc_soundness::targets::prepare(),
    |bytes: &[u8]| {
        if let Err(why) = mapc_soundness::targets::run(bytes) {
            panic!("{why}");
        }
    }
);
