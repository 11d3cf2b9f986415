use super::{Verdict, run_all};
use std::path::Path;

#[test]
fn a_failed_step_is_named_and_the_later_ones_still_run() {
    let failed = run_all(
        &[
            ("first", |_| Ok(Verdict::Passed)),
            ("second", |_| anyhow::bail!("no")),
            ("third", |root| {
                anyhow::ensure!(root == Path::new("elsewhere"), "the root is {root:?}");
                Ok(Verdict::NotChecked("there is nothing to check".to_owned()))
            }),
            ("fourth", |_| anyhow::bail!("no")),
        ],
        Path::new("elsewhere"),
    );
    assert_eq!(failed, ["second", "fourth"]);
}
