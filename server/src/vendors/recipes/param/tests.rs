//! What a request can say: at and over every limit.

use super::*;
use crate::vendors::recipes::recipe::Recipe;

fn params(toml: &str) -> Vec<Param> {
    let text = format!(
        "label = \"Acme\"\ndocs = \"https://docs.example.com\"\nchecked = 2026-11-30\nsure = \"sdk\"\nshape = \"jwt\"\n\
         lifetime = 600\n[settings]\nrooms = \"ACME_ROOMS\"\n{toml}\n[key]\nvariable = \"ACME_SECRET\"\n\
         encoding = \"utf8\"\n[header]\nalg = \"HS256\"\n[claims]\nsub = \"{{user.id}}\"\nexp = \"{{expires}}\"\n"
    );
    Recipe::parse("acme", "acme.toml", &text).unwrap().params
}

#[test]
fn a_value_is_what_the_recipe_allows_or_nothing() {
    let settings = BTreeMap::from([("rooms".to_owned(), "lobby, hall,".to_owned())]);
    let text = |text: &str| Some(Json::Text(text.to_owned()));
    let pattern = "[params.x]\npattern = \"[a-z]+|7\"\nmax = 4";
    let list = "[params.x]\nallow = [\"a\", \"b\"]";
    let setting = "[params.x]\nallow = \"{setting.rooms}\"";
    let number = "[params.x]\nkind = \"number\"\nmax = 10";
    let optional = "[params.x]\noptional = true\nallow = [\"a\"]";
    let both = "[params.x]\npattern = \"[a-z]+\"\nmax = 2\nallow = [\"ab\", \"abc\", \"A\"]";
    let emoji = "[params.x]\npattern = \".+\"\nmax = 2";
    let number_list = "[params.x]\nkind = \"number\"\nallow = [\"3\"]";
    for (recipe, given, expected) in [
        (pattern, Some("abcd"), Ok(text("abcd"))),
        (pattern, Some("7"), Ok(text("7"))),
        (pattern, Some("abcde"), Err(())),
        (pattern, Some("abc7"), Err(())),
        (pattern, Some("abc\n"), Err(())),
        (pattern, Some("ab c"), Err(())),
        (pattern, Some(""), Err(())),
        (pattern, None, Err(())),
        (list, Some("a"), Ok(text("a"))),
        (list, Some("A"), Err(())),
        (list, Some("a,b"), Err(())),
        (setting, Some("lobby"), Ok(text("lobby"))),
        (setting, Some("hall"), Ok(text("hall"))),
        (setting, Some("lobby, hall"), Err(())),
        (setting, Some(" hall"), Err(())),
        (number, Some("10"), Ok(Some(Json::Whole(10)))),
        (number, Some("0"), Ok(Some(Json::Whole(0)))),
        (number, Some("11"), Err(())),
        (number, Some("-1"), Err(())),
        (number, Some("+1"), Err(())),
        (number, Some("01"), Err(())),
        (number, Some("1.0"), Err(())),
        (number, Some("1e1"), Err(())),
        (number, Some("99999999999999999999"), Err(())),
        (number_list, Some("3"), Ok(Some(Json::Whole(3)))),
        (number_list, Some("4"), Err(())),
        (optional, None, Ok(None)),
        (optional, Some(""), Ok(None)),
        (optional, Some("a"), Ok(text("a"))),
        (optional, Some("b"), Err(())),
        (both, Some("ab"), Ok(text("ab"))),
        (both, Some("abc"), Err(())),
        (both, Some("A"), Err(())),
        (emoji, Some("🌻"), Ok(text("🌻"))),
        (emoji, Some("🌻a"), Err(())),
    ] {
        let value = params(recipe)[0].value(given, &settings);
        assert_eq!(value.map_err(drop), expected, "{recipe}: {given:?}");
    }
}

#[test]
fn a_text_with_characters_that_mean_something_elsewhere_is_free() {
    for (pattern, is_free) in [
        ("[a-z]+", false),
        ("[0-9]+[.][0-9]+", false),
        ("(a|b)[A-Za-z0-9_-]{1,8}", false),
        ("room", false),
        (".+", true),
        ("[^a]", true),
        ("[a-z]+:[a-z]+", true),
        ("[ -~]+", true),
        ("[a-zé]", true),
        ("it's", true),
        ("a b", true),
    ] {
        let toml = format!("[params.x]\npattern = \"{pattern}\"\nmax = 9");
        assert_eq!(params(&toml)[0].is_free, is_free, "{pattern}");
    }
    assert!(!params("[params.x]\nallow = [\"a b\"]")[0].is_free);
    assert!(!params("[params.x]\nkind = \"number\"\nmax = 9")[0].is_free);
}
