use domain::Command;
use domain::event::Average;

use crate::tests::{command, commands, read, refusal, refused};

const CARDS: &str = "scorecard,title,committee,section,measure,cohort,rated,owner\n\
    cype,Card,Committee,Monthly,a,,,\n\
    cype,,,Monthly,b,excluding-uasc,no,national\n\
    scs,Other,,All,a,,,any\n\
    cype,Card,Committee,Annual,c,,yes,service\n";

const LISTS: &str = "list,area,from,average,member\n\
    dfe-2021,E10000016,2021-04-01,pooled,E10000012\n\
    dfe-2021,,,,E10000011\n\
    other,E10000011,2021-04-01,median,E10000016\n";

#[test]
fn a_scorecards_rows_are_one_layout() {
    let cards: Vec<_> = commands(CARDS)
        .into_iter()
        .map(|command| match command {
            Command::DefineScorecard(card) => {
                (card.scorecard.to_string(), card.title, card.committee, card.layout.to_string())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let layout = "= Monthly\na all rated any\nb excluding-uasc shown national\n= Annual\nc all rated service\n";
    assert_eq!(cards[0], ("cype".into(), "Card".into(), "Committee".into(), layout.into()));
    assert_eq!(cards[1], ("scs".into(), "Other".into(), String::new(), "= All\na all rated any\n".into()));
    let parsed = read("scorecards.csv", CARDS);
    let lines: Vec<u32> = parsed.instructions.iter().map(|i| i.origin.unwrap().line.get()).collect();
    assert_eq!(lines, [2, 4]);
}

/// Replaces one row of the scorecards and returns what is refused.
#[track_caller]
fn check_row(row: &str, expected: &str) {
    let text = CARDS.replace("cype,,,Monthly,b,excluding-uasc,no,national", row);
    let shown = refused(&text);
    assert!(shown.iter().any(|line| line.starts_with("line 3") && line.contains(expected)), "{shown:?}");
    let rest = "belongs to a scorecard of which another row is, or may be, refused; correct the other row";
    assert_eq!(shown.iter().filter(|line| line.contains(rest)).count(), 2, "{shown:?}");
    assert_eq!(read("scorecards.csv", &text).instructions.len(), 1, "the other scorecard is whole");
}

#[test]
fn a_refused_row_refuses_its_scorecard() {
    check_row("cype,Kard,,Monthly,b,,,", "contradicts the first row, which says \"Card\"");
    check_row("cype,,Other,Monthly,b,,,", "contradicts the first row, which says \"Committee\"");
    check_row("cype,,,,b,,,", "section: is empty");
    check_row("cype,,,Monthly,,,,", "measure: is empty");
    check_row("cype,,,Monthly,b c,,,", "is not a code");
    check_row("cype,,,Monthly,a,,,", "stands on the scorecard already, for the same cohort; keep one row");
    check_row("cype,,,Monthly,b,,maybe,", "write one of yes, no");
    check_row("cype,,,Monthly,b,,,mine", "any, local, service, national");
    check_row("cype,,,\"Mon\nthly\",b,,,", "has more than one line");
    check_row("cype,,,Monthly,b b,,,", "is not a code");
}

#[test]
fn a_section_is_one_block_of_rows() {
    let text = format!("{CARDS}cype,,,Monthly,d,,,\n");
    assert!(
        refused(&text).iter().any(|line| line.contains("begins again after another section; put its rows together"))
    );
}

#[test]
fn a_first_row_that_is_refused_refuses_its_scorecard() {
    let shown = refused("scorecard,title,section,measure\ncype,,All,a\ncype,Card,All,b\nother,Card,All,a\n");
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert_eq!(shown[0], "line 2, title: is empty; fill it in");
    assert!(shown[1].starts_with("line 3: belongs to a scorecard of which another row"), "{shown:?}");
    assert!(refusal("scorecard,title,section,measure\na b,Card,All,a\n").contains("is not a code"));
}

#[test]
fn a_row_that_may_belong_to_any_scorecard_refuses_them_all() {
    for stray in [",Card,All,b\n", "cype,Card,All\n"] {
        let parsed = read("x.csv", &format!("scorecard,title,section,measure\na,Card,All,a\n{stray}b,Card,All,a\n"));
        assert_eq!((parsed.n_refused, parsed.instructions.len()), (3, 0), "{parsed:?}");
    }
}

#[test]
fn the_first_row_says_why() {
    let text = "scorecard,title,section,measure,reason,known_at\n\
        a,Card,All,m,laid out anew,2018-11-29T10:00:00Z\na,,All,n,,\na,,All,o,laid out anew,\n";
    let parsed = read("x.csv", text);
    assert_eq!((parsed.n_refused, parsed.instructions[0].why.reason.as_str()), (0, "laid out anew"));
    let other = format!("{text}a,,All,p,other,\n");
    assert!(
        refused(&other).iter().any(|line| line.contains("says another known_at, reason or cause than the first row"))
    );
}

#[test]
fn a_scorecard_has_at_most_a_thousand_rows() {
    let rows = |n: usize| (0..n).map(|i| format!("c,Card,All,m{i}")).collect::<Vec<_>>().join("\n");
    let text = |n| format!("scorecard,title,section,measure\n{}", rows(n));
    assert_eq!(refused(&text(1_000)), Vec::<String>::new());
    assert_eq!(read("x.csv", &text(1_001)).n_refused, 1_001);
}

#[test]
fn neighbours_are_listed_in_order() {
    let lists = commands(LISTS);
    let Command::AdoptNeighbours(list) = &lists[0] else { panic!("{lists:?}") };
    let members: Vec<&str> = list.members.iter().map(domain::AreaId::as_str).collect();
    assert_eq!(
        (list.list.as_str(), list.average, members),
        ("dfe-2021", Average::Pooled, vec!["E10000012", "E10000011"])
    );
    assert_eq!(lists.len(), 2);
    let one = command("list,area,from,average,member\nx,E1,2021-04-01,mean,E2\n");
    assert!(matches!(one, Command::AdoptNeighbours(list) if list.average == Average::Mean));
}

#[test]
fn a_list_says_how_few_members_make_an_average() {
    let at_least = |given: &str| {
        let text =
            format!("list,area,from,average,at_least,member\nx,E1,2021-04-01,mean,{given},E2\nx,,,,,E3\nx,,,,,E4\n");
        let lists = commands(&text);
        let [Command::AdoptNeighbours(list)] = lists.as_slice() else { panic!("{lists:?}") };
        list.at_least
    };
    assert_eq!(["", "1", "2", "32", "all", "ALL"].map(at_least), [1, 1, 2, 32, 3, 3]);
    let row = |first: &str, second: &str| {
        refused(&format!("list,area,from,average,at_least,member\nx,E1,2021-04-01,mean,{first},E2\nx,,,,{second},E3\n"))
    };
    for wrong in ["0", "33", "most", "1.5", "300"] {
        assert!(row(wrong, "")[0].contains("is no number of neighbours"), "{wrong}");
    }
    assert!(row("2", "all").iter().any(|line| line.contains("at_least: \"all\" contradicts the first row")));
    assert_eq!(row("2", "2"), Vec::<String>::new());
}

#[test]
fn a_list_that_contradicts_itself_is_refused() {
    let cases = [
        ("dfe-2021,E10000012,,,E10000011", "area: \"E10000012\" contradicts the first row, which says \"E10000016\""),
        ("dfe-2021,,2025-05-28,,E10000011", "from: \"2025-05-28\" contradicts the first row"),
        ("dfe-2021,,,mean,E10000011", "average: \"mean\" contradicts the first row"),
        ("dfe-2021,,,average,E10000011", "pooled, mean, median"),
        ("dfe-2021,,,,E10000012", "is on the list already, or is the area itself"),
        ("dfe-2021,,,,E10000016", "is on the list already, or is the area itself"),
        ("dfe-2021,,,,", "member: is empty"),
    ];
    for (row, expected) in cases {
        let shown = refused(&LISTS.replace("dfe-2021,,,,E10000011", row));
        assert!(shown.iter().any(|line| line.contains(expected)), "{shown:?}");
        assert!(
            shown.iter().any(|line| line.contains("line 2: belongs to a list of neighbours of which")),
            "{shown:?}"
        );
    }
    let many: Vec<String> = (0..33).map(|i| format!("x,E1,2021-04-01,mean,N{i}")).collect();
    let many = many.join("\n");
    assert_eq!(read("x.csv", &format!("list,area,from,average,member\n{many}")).n_refused, 33);
}

const REMITS: &str = "scorecard,title,section,measure,from,scorecard_owner,director,behind,subset_of\n\
    eh,Early Help,All,a,,A team,A director,cype,\n\
    eh,,All,b,,,,,\n\
    eh,Early Help,All,b,2018-04-01,Another team,,,\n\
    qpr,Quarterly,All,a,,,,,cype\n\
    eh,,All,c,2018-04-01,,,,\n";

#[test]
fn rows_of_one_scorecard_from_another_day_are_another_layout() {
    let cards: Vec<_> = commands(REMITS)
        .into_iter()
        .map(|command| match command {
            Command::DefineScorecard(card) => {
                let other = card.remit.behind.or(card.remit.subset_of).map(|code| code.to_string());
                let from = card.remit.from.map(|day| day.to_string());
                (
                    card.scorecard.to_string(),
                    from,
                    card.remit.owner,
                    card.remit.director,
                    other,
                    card.layout.rows().count(),
                )
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let day = Some("2018-04-01".to_owned());
    let cype = Some("cype".to_owned());
    assert_eq!(cards[0], ("eh".into(), None, "A team".into(), "A director".into(), cype.clone(), 2));
    assert_eq!(cards[1], ("eh".into(), day, "Another team".into(), String::new(), None, 2));
    assert_eq!(cards[2], ("qpr".into(), None, String::new(), String::new(), cype, 1));
    let contradicted = REMITS.replace("eh,,All,c,2018-04-01,,,,", "eh,,All,c,2018-04-01,Nobody,,,");
    assert!(
        refused(&contradicted)
            .iter()
            .any(|line| line.contains("contradicts the first row, which says \"Another team\""))
    );
    let soon = REMITS.replace("2018-04-01,Another", "April,Another");
    assert!(refused(&soon).iter().any(|line| line.contains("write it as 2018-11-29")), "{:?}", refused(&soon));
}
