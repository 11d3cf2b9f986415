//! The pages that are made from a scorecard.

use crate::folder::Folder;
use crate::program::Finished;

fn page(folder: &Folder, which: &str) -> Finished {
    folder.run(&format!("scorecard cype --period 2018-09 --known-at 2018-11-29 --width 200 --page {which}")).succeeded()
}

#[test]
fn every_red_and_worsening_amber_is_an_exception_and_nothing_else_is() {
    let folder = Folder::kent();
    page(&folder, "exceptions")
        .says("43.4% (759 of 1,747) is worse than the minimum standard of 75% or more, so it is Red.")
        .says("The number of plans grew by 30% within 12 months.")
        .says("Amber and worsening")
        .says("nothing is written about it")
        .says("none is agreed")
        .says_not("Permanent exclusions from Secondary schools");
}

#[test]
fn a_cohort_stands_beside_everybody() {
    let folder = Folder::kent();
    page(&folder, "cohorts")
        .says("85.0%, better than Everybody counted by 13.0 percentage points.")
        .says("shown for information")
        .says_not("43.4%");
}

#[test]
fn every_figure_says_which_date_it_relates_to_and_where_it_comes_from() {
    let folder = Folder::kent();
    page(&folder, "sources")
        .says("The figure is for")
        .says("29 November 2018, 23:59:59 UTC")
        .says("line 2 of results.csv")
        .says("Recorded");
}

#[test]
fn the_directory_has_the_definitions_as_they_were_in_the_order_of_the_scorecard() {
    let folder = Folder::kent();
    let revised = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,year_type,definition\n\
                   ehcp-20-weeks,Plans in time,indicator,%,1,higher,monthly,rolling-12,financial,Counted otherwise\n";
    folder.import_text("measures.csv", revised, "--reason revised").succeeded();
    let now = folder.run("scorecard cype --period 2018-09 --page directory").succeeded().says("Counted otherwise");
    page(&folder, "directory").says_not("Counted otherwise").says_not("Plans in time");
    let titles = ["Permanent exclusions from Secondary schools", "Plans in time", "Key Stage 2"];
    let places = titles.map(|title| now.stdout.find(title));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {}", now.whole());
}
