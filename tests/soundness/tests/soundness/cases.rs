//! Every case that broke the claim once, again.

use mapc_soundness::campaign::again;
use mapc_soundness::oracle::Oracle;
use mapc_soundness::replay::saved;

#[test]
fn no_saved_case_breaks_the_claim_again() {
    let all = saved().unwrap();
    let mut oracle = Oracle::start().unwrap();
    let mut runs = 0;
    for one in &all {
        for message in one.messages.iter().map(|message| Some(message.as_slice())).chain([None]) {
            let result = again(&one.case, message, Some(&mut oracle));
            assert!(result.is_ok(), "{}: {:?}", one.name, result);
            runs += 1;
        }
    }
    mapc_soundness::say!("saved cases: {}, {runs} runs, 0 broken claims", all.len());
}
