//! The editor of INI files: whatever stands in a file, what is not ours stays.

use jetway_cli::files::ini::Ini;
use proptest::prelude::*;

const OURS: [(&str, &str); 3] = [
    ("aws_access_key_id", "ASIANEW"),
    ("x_principal_arn", "arn:new"),
    ("region", "eu-west-1"),
];

fn edit(content: &str) -> String {
    let mut ini = Ini::parse(content.as_bytes());
    ini.set("saml", &OURS);
    String::from_utf8(ini.to_bytes()).unwrap()
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(edit(before), after);
    assert_eq!(edit(after), after, "a second time changes nothing");
}

#[test]
fn a_new_section_goes_to_the_end_in_the_form_of_saml2aws() {
    let section = "[saml]\naws_access_key_id = ASIANEW\nx_principal_arn   = arn:new\nregion        \
                   \x20   = eu-west-1\n";
    becomes("", section);
    becomes("[a]\nk=v\n", &format!("[a]\nk=v\n\n{section}"));
    becomes("[a]\nk=v\n\n", &format!("[a]\nk=v\n\n{section}"));
    becomes("[a]\nk=v", &format!("[a]\nk=v\n\n{section}"));
    becomes(
        "[a]\r\nk=v\r\n",
        &format!("[a]\r\nk=v\r\n\r\n{}", section.replace('\n', "\r\n")),
    );
}

#[test]
fn keys_are_changed_in_place_and_others_kept() {
    becomes(
        "# top\n[saml]\n; mine\nRegion=us-east-1 \noutput   = json\naws_access_key_id : OLD\n\n[b]\n\
         region = x # y\n",
        "# top\n[saml]\n; mine\nRegion=eu-west-1\noutput   = json\naws_access_key_id = \
         ASIANEW\nx_principal_arn   = arn:new\n\n[b]\nregion = x # y\n",
    );
}

#[test]
fn crlf_a_missing_last_line_ending_and_a_byte_order_mark_stay() {
    becomes(
        "\u{feff}[saml]\r\nregion = a",
        "\u{feff}[saml]\r\nregion = eu-west-1\r\naws_access_key_id = ASIANEW\r\nx_principal_arn   \
         = arn:new\r\n",
    );
}

#[test]
fn repeated_keys_become_one_and_repeated_sections_stay() {
    becomes(
        "[saml]\naws_access_key_id = A\naws_access_key_id = B\n[saml]\naws_access_key_id = C\n",
        "[saml]\naws_access_key_id = ASIANEW\nx_principal_arn   = arn:new\nregion            = \
         eu-west-1\n[saml]\naws_access_key_id = C\n",
    );
}

#[test]
fn a_value_of_several_lines_is_replaced_as_a_whole() {
    becomes(
        "[saml]\nregion =\n  a\n# note\n  b\naws_access_key_id = A\nx_principal_arn=\n",
        "[saml]\nregion =eu-west-1\n# note\naws_access_key_id = ASIANEW\nx_principal_arn=arn:new\n",
    );
}

#[test]
fn indented_neighbours_are_neither_swallowed_nor_swallow() {
    let after = edit("[saml]\n  aws_access_key_id = A\n  output = json\n  [next]\n  k = v\n");
    assert_eq!(
        after,
        "[saml]\n  aws_access_key_id = ASIANEW\n  x_principal_arn   = arn:new\n  region            \
         = eu-west-1\n  output = json\n  [next]\n  k = v\n"
    );
    let ini = Ini::parse(after.as_bytes());
    assert_eq!(ini.get("saml", "output").as_deref(), Some("json"));
    assert_eq!(ini.get("next", "k").as_deref(), Some("v"));
    let ini = Ini::parse(edit("[saml]\n  [next]\n  k = v\n").as_bytes());
    assert_eq!(ini.get("next", "k").as_deref(), Some("v"));
    assert_eq!(ini.get("saml", "region").as_deref(), Some("eu-west-1"));
}

#[test]
fn a_header_with_spaces_is_the_same_profile_and_made_readable_for_all_tools() {
    becomes(
        "[ saml ] # work\nregion=a\naws_access_key_id=b\nx_principal_arn=c\n",
        "[saml] # work\nregion=eu-west-1\naws_access_key_id=ASIANEW\nx_principal_arn=arn:new\n",
    );
}

/// The AWS CLI reads `[ saml ]` and `[saml]` as two sections; made one name, it would refuse the
/// whole file.
#[test]
fn of_two_spellings_of_a_header_the_exact_one_is_ours() {
    let spaced = "[ saml ]\nregion = a\n\n[saml]\nregion = b\n";
    becomes(
        spaced,
        "[ saml ]\nregion = a\n\n[saml]\nregion = eu-west-1\naws_access_key_id = ASIANEW\n\
         x_principal_arn   = arn:new\n",
    );
    assert_eq!(
        Ini::parse(spaced.as_bytes())
            .get("saml", "region")
            .as_deref(),
        Some("b")
    );
}

#[test]
fn a_colon_that_not_every_tool_knows_becomes_an_equals_sign_in_our_keys_only() {
    becomes(
        "[saml]\nother : a=b\nregion: a\naws_access_key_id :A\nx_principal_arn:\n",
        "[saml]\nother : a=b\nregion= eu-west-1\naws_access_key_id =ASIANEW\nx_principal_arn=arn:new\n",
    );
}

#[test]
fn nested_settings_are_read_as_one_value() {
    let ini = Ini::parse(b"[services x]\nsts =\n  endpoint_url = a\n\n  other = b\ns3=c\n");
    let nested = ini.get("services x", "sts").unwrap();
    assert_eq!(nested, "\nendpoint_url = a\nother = b");
    assert_eq!(ini.get("services x", "S3").as_deref(), Some("c"));
}

/// A line of a file that people and tools may have written, without its ending.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_]{1,8}[ ]{0,3}[=:][ ]{0,2}[ -~]{0,12}",
        2 => prop::sample::select(vec![
            "[saml]", "[default]", "[ other ]", "[profile x]", "[unclosed", "", "   ",
            "; note [saml]", "# note = 1", "  indented = value", "  continued", "\tTab",
            "aws_access_key_id = AKIAOLD", "AWS_ACCESS_KEY_ID=x", "  aws_access_key_id = x",
            "aws_secret_access_key = a#b;c", "region = us-east-1", "x_principal_arn=",
            "region", "= no key", "\u{e9}\u{2603} = caf\u{e9}",
        ]).prop_map(str::to_owned),
    ]
}

fn file() -> impl Strategy<Value = String> {
    let ending = prop::sample::select(vec!["\n", "\r\n"]);
    (
        prop::collection::vec((line(), ending), 0..24),
        any::<bool>(),
    )
        .prop_map(|(lines, complete)| {
            let mut content: String = lines
                .into_iter()
                .map(|(line, ending)| line + ending)
                .collect();
            if !complete {
                content.truncate(content.trim_end_matches(['\r', '\n']).len());
            }
            content
        })
}

/// Line number and content of every line that belongs to us: those of our keys, with what
/// continues them, in the first section `[saml]`. Written anew here, after configparser.
fn foreign_lines(content: &str) -> Vec<&str> {
    let (mut foreign, mut section, mut open, mut ours) = (Vec::new(), None, None::<usize>, false);
    let mut saml_seen = false;
    for line in content.split_inclusive('\n') {
        let trimmed = line.trim();
        let is_note = trimmed.is_empty() || trimmed.starts_with(['#', ';']);
        let indent = line.len() - line.trim_start().len();
        if is_note {
            foreign.push(line);
            continue;
        }
        if open.is_some_and(|open| indent > open) {
            if !ours {
                foreign.push(line);
            }
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix('[') {
            (open, ours) = (None, false);
            if let Some((name, _)) = rest.split_once(']') {
                let first = name.trim() == "saml" && !saml_seen;
                saml_seen |= first;
                section = first.then_some(());
            }
            foreign.push(line);
            continue;
        }
        let Some(at) = trimmed.find(['=', ':']) else {
            foreign.push(line);
            continue;
        };
        open = Some(indent);
        let key = trimmed[..at].trim().to_ascii_lowercase();
        ours = section.is_some() && OURS.iter().any(|(name, _)| *name == key);
        if !ours {
            foreign.push(line);
        }
    }
    foreign
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_foreign_byte_is_lost_or_changed(content in file()) {
        let after = edit(&content);
        let had_section = Ini::parse(content.as_bytes()).sections().any(|name| name == "saml");
        let (before, kept) = (foreign_lines(&content), foreign_lines(&after));
        if had_section {
            // Only an ending may be added, to a last line that had none.
            prop_assert_eq!(kept.len(), before.len(), "{:?}", after);
            for (kept, before) in kept.iter().zip(&before) {
                prop_assert!(
                    kept == before || kept.strip_suffix(['\n']).map(|it| it.trim_end_matches('\r'))
                        == Some(before),
                    "{:?} became {:?}", before, kept
                );
            }
        } else {
            prop_assert!(after.starts_with(&content), "{:?}", after);
        }
        let edited = Ini::parse(after.as_bytes());
        for (key, value) in OURS {
            prop_assert_eq!(edited.get("saml", key), Some(value.to_owned()), "{:?}", after);
        }
        prop_assert_eq!(edit(&after), after, "a second time changes nothing");
    }

    #[test]
    fn any_bytes_at_all_come_back_as_they_were(content in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Ini::parse(&content).to_bytes(), content);
    }
}
