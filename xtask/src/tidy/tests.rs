use super::layers::{self, Dependency, Package};
use super::rust_text::code_only;
use super::{Finding, links, names, report, sizes, words};
use crate::workspace::{self, Source};

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn n_lines(path: &str, n: usize) -> Source {
    source(path, &"\n".repeat(n))
}

/// The places that were found, as `path:line`.
fn places(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}

#[test]
fn a_finding_names_the_place_and_the_remedy() {
    let finding = Finding::new("crates/a/src/b.rs", 7, "it is wrong", "put it right");
    assert_eq!(finding.to_string(), "crates/a/src/b.rs:7: it is wrong; put it right");
    assert!(report(vec![finding], 1).is_err());
    assert!(report(vec![], 1).is_ok());
}

mod of_sizes {
    use super::*;

    #[test]
    fn five_hundred_lines_pass_and_one_more_does_not() {
        let mut files: Vec<Source> = (0..20).map(|i| n_lines(&format!("{i}.rs"), 10)).collect();
        files.push(n_lines("a/long.rs", 500));
        assert!(sizes::check(&files).is_empty());
        files.push(n_lines("a/longer.rs", 501));
        assert_eq!(places(&sizes::check(&files)), ["a/longer.rs:501"]);
    }

    #[test]
    fn tests_and_generated_code_may_be_long() {
        let files = [
            n_lines("crates/a/src/tests.rs", 900),
            n_lines("crates/a/src/tests/of_b.rs", 900),
            n_lines("tests/src/lib.rs", 900),
            n_lines("crates/wire/src/gen/scorebook.v1.rs", 9000),
        ];
        assert!(sizes::check(&files).is_empty());
        let alike = [n_lines("crates/a/src/contests.rs", 501)];
        assert!(!sizes::check(&alike).is_empty());
    }

    #[test]
    fn nine_files_of_ten_are_at_most_350_lines() {
        let mut files: Vec<Source> = (0..8).map(|i| n_lines(&format!("{i}.rs"), 10)).collect();
        files.push(n_lines("ninth.rs", 350));
        files.push(n_lines("tenth.rs", 500));
        assert!(sizes::check(&files).is_empty());
        files[8] = n_lines("ninth.rs", 351);
        assert_eq!(places(&sizes::check(&files)), ["ninth.rs:1"]);
    }

    #[test]
    fn the_architecture_is_read_in_one_go() {
        let fits = [n_lines("docs/ARCHITECTURE.md", 400), n_lines("docs/X.md", 999)];
        assert_eq!(sizes::check_architecture(&fits), None);
        let long = [n_lines("docs/ARCHITECTURE.md", 401)];
        assert!(sizes::check_architecture(&long).is_some());
    }
}

mod of_names {
    use super::*;

    #[track_caller]
    fn check(path: &str, passes: bool) {
        assert_eq!(names::check(&[path.to_owned()]).is_empty(), passes, "{path}");
    }

    #[test]
    fn drawers_and_mod_files_are_found() {
        for path in [
            "crates/engine/src/utils.rs",
            "crates/common",
            "crates/engine/src/helpers/time.rs/prelude.rs",
            "proto/scorebook/v1/common.proto",
            "tests/src/misc.rs",
            "xtask/src/tidy/mod.rs",
        ] {
            check(path, false);
        }
    }

    #[test]
    fn a_name_that_contains_a_drawer_is_a_name() {
        for path in ["crates/a/src/commonwealth.rs", "docs/common.md", "crates/a/src/model.rs"] {
            check(path, true);
        }
    }
}

mod of_words {
    use super::*;

    #[track_caller]
    fn check(line: &str, passes: bool) {
        let findings = words::check(&source("a.rs", &format!("fn a() {{}}\n{line}\n")));
        let wanted: &[&str] = if passes { &[] } else { &["a.rs:2"] };
        assert_eq!(places(&findings), wanted, "{line}");
    }

    #[test]
    fn unfinished_work_is_found_with_its_line() {
        check(concat!("    todo", "!()"), false);
        check(concat!("    unimplemented", "!(\"later\")"), false);
        check(concat!("// FIX", "ME: wrong"), false);
        check(concat!("// XX", "X wrong"), false);
        check(concat!("#[ig", "nore = \"slow\"]"), false);
        check(concat!("    #[ig", "nore]"), false);
    }

    #[test]
    fn longer_words_are_other_words() {
        check(concat!("my_todo", "!()"), true);
        check(concat!("let XX", "XX = 1;"), true);
        check("#[must_use]", true);
        check("// A to-do list.", true);
    }

    #[track_caller]
    fn check_float(path: &str, line: &str, passes: bool) {
        let findings = words::check_floats(&source(path, line));
        assert_eq!(findings.is_empty(), passes, "{path}: {line}");
    }

    #[test]
    fn floats_are_found_in_the_exact_crates() {
        let path = "crates/ratings/src/rule.rs";
        for line in
            ["fn a(b: f64) {}", "Vec<f32>", "let a = 1.0f64;", "let a = 1_f32;", "a.as_secs_f64()", "f64::from(1)"]
        {
            check_float(path, line, false);
            check_float("crates/domain/src/a.rs", line, false);
            check_float("crates/reporting/src/a/b.rs", line, false);
        }
    }

    #[test]
    fn floats_elsewhere_and_in_prose_are_not() {
        for path in ["crates/ingest/src/a.rs", "crates/ratings/src/tests.rs", "crates/domain/src/tests/decimal.rs"] {
            check_float(path, "fn a(b: f64) {}", true);
        }
        for line in ["/// Never an f64.", "let a = \"f64\";", "let buf64 = 1;", "let f640 = 1;", "/* f64 */"] {
            check_float("crates/ratings/src/rule.rs", line, true);
        }
    }
}

mod of_rust_text {
    use super::*;

    #[track_caller]
    fn check(text: &str, kept: &str) {
        let code = code_only(text);
        assert_eq!(code.lines().count(), text.lines().count(), "{text}");
        let words: Vec<_> = code.split_whitespace().collect();
        assert_eq!(words.join(" "), kept, "{text}");
    }

    #[test]
    fn comments_are_blank() {
        check("a // b\nc", "a c");
        check("a /* b\n /* c */ d */ e", "a e");
        check("a /* b */* c", "a * c");
    }

    #[test]
    fn literals_are_blank() {
        check(r#"a "b \" c" d"#, "a d");
        check("a r\"b\\\" c", "a c");
        check("a r#\"b\" c\"# d", "a d");
        check("a br\"b\" c", "a b c");
        check(r"a '\'' b 'c' d '\\' e", "a b d e");
        check("a \"// b\" c", "a c");
    }

    #[test]
    fn lifetimes_and_names_are_code() {
        check("fn a<'b>(c: &'b D) {}", "fn a<b>(c: &b D) {}");
        check("for \"b\"", "for");
        check("let c = var\"\"", "let c = var");
    }
}

mod of_links {
    use super::*;

    #[track_caller]
    fn check(path: &str, line: &str, passes: bool) {
        let there = ["README.md", "docs/STYLE.md", "docs/decisions/0001-log.md", "proto"];
        let text = format!("# Title\n\n{line}\n");
        let findings = links::check(&source(path, &text), &|path| there.contains(&path));
        let wanted = if passes { vec![] } else { vec![format!("{path}:3")] };
        assert_eq!(places(&findings), wanted, "{line}");
    }

    #[test]
    fn a_link_is_relative_to_its_file() {
        check("README.md", "See [style](docs/STYLE.md#names).", true);
        check("README.md", "See [style](STYLE.md).", false);
        check("docs/STYLE.md", "[why](decisions/0001-log.md \"why\")", true);
        check("docs/STYLE.md", "[all](../proto/) and [root](/README.md)", true);
        check("docs/decisions/0001-log.md", "[a](../../README.md)", true);
        check("docs/decisions/0001-log.md", "[a](../README.md)", false);
        check("README.md", "[outside](../README.md)", false);
        check("README.md", "[a](docs/STYLE.md), [b](docs/GONE.md)", false);
        check("README.md", "[`code`](docs/GONE.md)", false);
        check("README.md", "[`code`](docs/STYLE.md)", true);
    }

    #[test]
    fn what_is_no_relative_link_is_left_alone() {
        check("README.md", "[site](https://example.org/gone.md)", true);
        check("README.md", "[part](#names)", true);
        check("README.md", "`a[0](gone.md)`", true);
        check("README.md", "```\n[a](gone.md)\n```", true);
        check("examples/kent/README.md", "[a](gone.md)", true);
    }
}

mod of_layers {
    use super::*;

    fn package(name: &str, normal: &[&str], for_tests: &[&str]) -> Package {
        let section = |names: &[&str]| names.join(".workspace = true\n");
        let manifest = format!("[dependencies]\n{}\n\n[dev-dependencies]\n{}\n", section(normal), section(for_tests));
        let dependency = |name: &&str, for_tests| Dependency { name: (*name).to_owned(), for_tests };
        let normal = normal.iter().map(|name| dependency(name, false));
        let for_tests = for_tests.iter().map(|name| dependency(name, true));
        Package {
            name: name.to_owned(),
            path: format!("crates/{name}/Cargo.toml"),
            manifest,
            dependencies: normal.chain(for_tests).collect(),
        }
    }

    #[track_caller]
    fn check(name: &str, normal: &[&str], for_tests: &[&str], lines: &[usize]) {
        let mut packages: Vec<Package> = ["domain", "ratings", "engine", "journal", "simulator"]
            .into_iter()
            .filter(|known| *known != name)
            .map(|name| package(name, &[], &[]))
            .collect();
        packages.push(package(name, normal, for_tests));
        let wanted: Vec<_> = lines.iter().map(|line| format!("crates/{name}/Cargo.toml:{line}")).collect();
        assert_eq!(places(&layers::check(&packages)), wanted);
    }

    #[test]
    fn an_arrow_upwards_is_found_at_its_line() {
        check("domain", &["thiserror", "ratings"], &[], &[3]);
        check("ratings", &["domain"], &[], &[]);
        check("journal", &["domain", "engine", "ratings"], &[], &[4]);
        check("scorebook", &["journal", "ratings"], &[], &[3]);
    }

    #[test]
    fn only_tests_use_the_simulator() {
        check("engine", &["simulator"], &[], &[2]);
        check("engine", &[], &["simulator"], &[]);
        check("journal", &["engine"], &["simulator"], &[]);
        check("simulator", &["journal", "engine", "domain"], &[], &[]);
    }

    #[test]
    fn a_crate_that_nobody_placed_is_found() {
        check("elsewhere", &["domain"], &[], &[1]);
    }

    #[test]
    fn the_store_is_known_to_the_journal_alone() {
        check("journal", &["sled", "bincode"], &[], &[]);
        check("engine", &["sled"], &[], &[2]);
        check("simulator", &["journal", "sled"], &[], &[3]);
        check("engine", &[], &["bincode"], &[5]);
    }

    #[test]
    fn the_transport_is_known_at_the_rim_alone() {
        check("grpc", &["tonic", "tonic-health", "tokio-stream"], &[], &[]);
        check("end-to-end", &[], &["tonic"], &[]);
        check("engine", &["tonic-types"], &[], &[2]);
        check("wire", &["tonic", "tonic-prost"], &[], &[]);
        check("wire", &["tonic-prost-build"], &[], &[2]);
        check("xtask", &["tonic-prost-build"], &[], &[]);
        check("xtask", &["tonic"], &[], &[2]);
    }

    #[test]
    fn the_core_is_neither_asynchronous_nor_serialised() {
        check("domain", &["tokio"], &[], &[2]);
        check("journal", &["tokio-stream"], &[], &[2]);
        check("engine", &["tokio"], &[], &[]);
        check("engine", &["serde"], &[], &[2]);
        check("engine", &["serde_json"], &["serde"], &[]);
        check("journal", &["serde"], &["tokio"], &[]);
    }

    #[test]
    fn the_real_workspace_is_read() {
        let packages = layers::packages(&workspace::root()).unwrap();
        let journal = packages.iter().find(|package| package.name == "journal");
        let journal = journal.unwrap();
        assert_eq!(journal.path, "crates/journal/Cargo.toml");
        assert!(journal.dependencies.iter().any(|d| d.name == "sled" && !d.for_tests));
    }
}

#[test]
fn the_files_of_a_tree_are_listed_without_what_a_build_leaves() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["a/b.rs", "a/c.md", "target/d.rs", ".git/e.rs", "a/target/f.rs"] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file).unwrap();
    }
    let paths = workspace::paths(folder.path()).unwrap();
    assert_eq!(paths, ["a", "a/b.rs", "a/c.md"]);
    let rust = workspace::sources(folder.path(), &paths, &["rs"]).unwrap();
    assert_eq!(rust.len(), 1);
    assert_eq!(rust[0].text, "a/b.rs");
}
