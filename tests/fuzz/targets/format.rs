//! Feeds any bytes to `mapc_soundness::targets::format`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = mapc_soundness::targets::format(bytes) {
        panic!("{why}");
    }
});
