//! What a recipe may say, and what is reported of one that is wrong.

use super::*;

const JWT: &str = r#"label = "Acme"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "jwt"
lifetime = 600
[settings]
app = "ACME_APP"
[params.room]
pattern = "[a-z]+"
max = 8
[key]
variable = "ACME_SECRET"
encoding = "utf8"
[header]
alg = "HS256"
[claims]
sub = "{user.id}"
exp = "{expires}"
"#;

const MAC: &str = r#"label = "Acme"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "mac"
eternal = true
[key]
variable = "ACME_SECRET"
encoding = "utf8"
[mac.code]
algorithm = "sha256"
encoding = "hex"
over = "{user.id}"
[response]
hash = "{mac.code}"
"#;

const EXCHANGE: &str = r#"label = "Acme"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "exchange"
lifetime = 600
[settings]
api = "ACME_API"
[key]
variable = "ACME_SECRET"
encoding = "utf8"
[request]
url = "{setting.api}/tokens"
authorization = "bearer"
body = { email = "{user.email}" }
[answer]
token = "data.token"
[response]
token = "{answer.token}"
"#;

fn mistakes(text: &str) -> Vec<String> {
    match Recipe::parse("acme", "acme.toml", text) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
    }
}

/// Asserts that the only mistake of the recipe after a replacement begins so.
#[track_caller]
fn assert_wrong(recipe: &str, from: &str, to: &str, expected: &str) {
    assert!(recipe.contains(from), "{from}");
    let found = mistakes(&recipe.replacen(from, to, 1));
    let matching = found.iter().filter(|mistake| mistake.contains(expected));
    assert_eq!((matching.count(), found.len()), (1, 1), "{to}: {found:#?}");
}

#[test]
fn the_examples_have_no_mistakes() {
    assert_eq!(mistakes(JWT), Vec::<String>::new());
    assert_eq!(mistakes(MAC), Vec::<String>::new());
    assert_eq!(mistakes(EXCHANGE), Vec::<String>::new());
}

#[test]
fn a_mistake_is_reported_with_file_line_key_and_what_is_allowed() {
    let found = mistakes(&JWT.replace("{user.id}", "{user.ids}"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("acme.toml:18: claims.sub has the unknown value {user.ids}; allowed: user.id, user.email"),
        "{found:?}"
    );
    let found = mistakes("label = \n");
    assert!(found[0].starts_with("acme.toml:1: "), "{found:?}");
}

#[test]
fn every_mistake_is_reported_at_once() {
    let text = JWT
        .replace("lifetime = 600", "lifetime = 0")
        .replace("sure = \"sdk\"", "sure = \"very\"")
        .replace("{user.id}", "{user.key}");
    assert_eq!(mistakes(&text).len(), 3, "{:#?}", mistakes(&text));
}

#[test]
fn wrong_recipes_are_not_loaded() {
    for (from, to, expected) in [
        ("label = \"Acme\"", "", "needs \"label\""),
        (
            "label = \"Acme\"",
            "label = \"\"",
            "must be a text that is not empty",
        ),
        ("label = \"Acme\"", "label = 7", "must be a text"),
        (
            "label = \"Acme\"",
            "label = \"Acme\"\nlabels = 1",
            "labels is not known here; allowed: label",
        ),
        ("https://docs", "http://docs", "must be an https URL"),
        ("2026-11-30", "\"2026-11-30\"", "without quotes"),
        (
            "\"sdk\"",
            "\"sure\"",
            "must be one of: sdk, source, documentation, unverified",
        ),
        (
            "\"jwt\"",
            "\"jwe\"",
            "must be one of: jwt, mac, envelope, exchange",
        ),
        (
            "lifetime = 600",
            "",
            "either lifetime, in seconds, or eternal = true",
        ),
        ("lifetime = 600", "lifetime = \"600\"", "without quotes"),
        (
            "lifetime = 600",
            "lifetime = 600\nmax_lifetime = 599",
            "a whole number from 1 to 599",
        ),
        (
            "lifetime = 600",
            "lifetime = 5",
            "must be longer than backdate",
        ),
        (
            "lifetime = 600",
            "eternal = true",
            "has eternal = true and the claim exp",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\neternal = true",
            "either lifetime",
        ),
        ("exp = \"{expires}\"\n", "", "never expires"),
        ("exp = \"{expires}\"", "exp = \"{now}\"", "never expires"),
        ("exp = \"{expires}\"", "exp = 4102444800", "never expires"),
        (
            "exp = \"{expires}\"",
            "exp = \"{expires|string}\"",
            "never expires",
        ),
        (
            "exp = \"{expires}\"",
            "exp = [\"{expires}\"]",
            "never expires",
        ),
        (
            "[claims]\nsub = \"{user.id}\"\nexp = \"{expires}\"",
            "[times]\nlong = 86400\n[claims]\nsub = \"{user.id}\"\nexp = \"{time.long}\"",
            "never expires",
        ),
        (
            "sub = \"{user.id}\"",
            "sub = \"{param.room}\"",
            "names no user",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\nnames_no_user = true",
            "remove one of them",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\npath = \"/login\"",
            "must be a path below /acme/ or /api/acme/",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\npath = \"/api/acme/credential\"",
            "must be a path below",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\npath = \"/acme/{x}\"",
            "must be a path below",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\npath = \"/acme/../login\"",
            "must be a path below",
        ),
        (
            "lifetime = 600",
            "lifetime = 600\npath = \"/acme//x\"",
            "must be a path below",
        ),
        (
            "\"ACME_APP\"",
            "\"LATCHKEY_TOKEN_SECRET\"",
            "must not begin with LATCHKEY_",
        ),
        (
            "\"ACME_APP\"",
            "\"OAUTH_GOOGLE_CLIENT_SECRET\"",
            "must not begin with OAUTH_",
        ),
        ("\"ACME_APP\"", "\"acme\"", "must be the name of a variable"),
        (
            "\"ACME_APP\"",
            "\"ACME_FILE\"",
            "must be the name of a variable",
        ),
        ("app =", "App =", "lower-case letters"),
        (
            "pattern = \"[a-z]+\"\n",
            "",
            "needs a pattern and max, or allow",
        ),
        ("max = 8\n", "", "needs a pattern and max, or allow"),
        ("max = 8", "max = 2000", "a whole number from 1 to 1024"),
        ("\"[a-z]+\"", "\"[a-z\"", "must be a regular expression"),
        ("\"[a-z]+\"", "\"(?=a)\"", "must be a regular expression"),
        ("\"[a-z]+\"", "\"a)|(b\"", "must be a regular expression"),
        (
            "\"[a-z]+\"",
            "\"[a-z]{1000}{1000}\"",
            "must be a regular expression",
        ),
        (
            "params.room",
            "params.user_id",
            "the user comes from the session",
        ),
        (
            "params.room",
            "params.email",
            "the user comes from the session",
        ),
        (
            "params.room",
            "params.username",
            "the user comes from the session",
        ),
        (
            "params.room",
            "params.external_id",
            "the user comes from the session",
        ),
        (
            "params.room",
            "params.id",
            "the user comes from the session",
        ),
        (
            "pattern = \"[a-z]+\"\nmax = 8\n[key]\nvariable = \"ACME_SECRET\"\nencoding = \"utf8\"\n[header]\nalg = \"HS256\"\n[claims]",
            "pattern = \".+\"\nmax = 8\n[key]\nvariable = \"ACME_SECRET\"\nencoding = \"utf8\"\n[header]\nalg = \"HS256\"\n[claims]\nfilter = \"room = '{param.room}'\"",
            "beside other text",
        ),
        ("max = 8", "max = 8\nallow = []", "must not be empty"),
        (
            "max = 8",
            "max = 8\nallow = \"{setting.apps}\"",
            "unknown value {setting.apps}",
        ),
        (
            "max = 8",
            "max = 8\nallow = \"a,b\"",
            "must be a list, or a setting",
        ),
        ("\"utf8\"", "\"pem\"", "pem or pem-base64 for RS"),
        ("\"HS256\"", "\"RS256\"", "pem or pem-base64 for RS"),
        ("\"HS256\"", "\"none\"", "must be one of: HS256"),
        ("alg = \"HS256\"", "typ = \"JWT\"", "needs \"alg\""),
        (
            "alg = \"HS256\"",
            "alg = \"HS256\"\nkid = \"{user.id}\"",
            "unknown value {user.id}",
        ),
        ("\"{user.id}\"", "\"{user.name}\"", "can be missing"),
        (
            "\"{user.id}\"",
            "{ value = \"{user.name}\" }",
            "can be missing",
        ),
        (
            "\"{user.id}\"",
            "{ value = \"{user.id}\", optional = true, required = true }",
            "either optional or required",
        ),
        (
            "\"{user.id}\"",
            "{ value = \"{user.id}\", maximum = 3 }",
            "maximum is not known here; allowed: value",
        ),
        (
            "\"{user.id}\"",
            "{ value = 3, max = 3 }",
            "must be a text to have max",
        ),
        (
            "\"{user.id}\"",
            "{ value = \"{user.id}\", max = 0 }",
            "a whole number from 1",
        ),
        (
            "\"{user.id}\"",
            "\"user.id\"",
            "write {user.id} for the value",
        ),
        (
            "\"{user.id}\"",
            "\"{user.id\"",
            "a brace without its other half",
        ),
        (
            "\"{user.id}\"",
            "\"user.id}\"",
            "a brace without its other half",
        ),
        ("\"{user.id}\"", "\"{}\"", "unknown value {}"),
        (
            "\"{user.id}\"",
            "\"{user.id|upper}\"",
            "unknown filter \"upper\"; allowed is one of: lower",
        ),
        (
            "\"{user.id}\"",
            "\"{user.id|lower|sha256}\"",
            "unknown filter",
        ),
        (
            "\"{user.id}\"",
            "\"{user.id|ms}\"",
            "ms and iso are for moments",
        ),
        ("\"{user.id}\"", "\"u:{user.email}\"", "let it stand alone"),
        (
            "\"{user.id}\"",
            "\"{request.sub}\"",
            "unknown value {request.sub}",
        ),
        (
            "\"{user.id}\"",
            "\"{param.sub}\"",
            "unknown value {param.sub}",
        ),
        ("\"{user.id}\"", "\"{token}\"", "unknown value {token}"),
        (
            "\"{user.id}\"",
            "\"{key.start}\"",
            "unknown value {key.start}",
        ),
        (
            "\"{user.id}\"",
            "\"{user.attributes.plan}\"",
            "unknown value {user.attributes.plan}",
        ),
        (
            "\"{user.id}\"",
            "2026-11-30",
            "is a date, which JSON does not have",
        ),
        ("\"{user.id}\"", "inf", "must be a finite number"),
        ("\"{user.id}\"", "9007199254740993", "a whole number"),
        (
            "\"{user.id}\"",
            "[[[[[[[[[1]]]]]]]]]",
            "no more than 8 levels",
        ),
        (
            "[claims]",
            "[response]\nexpiresIn = 3\n[claims]",
            "must not have expiresIn",
        ),
    ] {
        assert_wrong(JWT, from, to, expected);
    }
    for (from, to, expected) in [
        (
            "eternal = true",
            "lifetime = 60",
            "makes the same credential forever",
        ),
        ("\"sha256\"", "\"sha1\"", "needs legacy = true with sha1"),
        (
            "\"sha256\"",
            "\"sha256\"\nlegacy = true",
            "needs legacy = true with sha1",
        ),
        ("\"sha256\"", "\"md5\"", "must be one of: sha256"),
        ("\"hex\"", "\"HEX\"", "must be one of: hex"),
        ("\"{user.id}\"", "\"{user.name}\"", "which can be missing"),
        ("\"{user.id}\"", "\"{payload}\"", "unknown value {payload}"),
        (
            "\"{mac.code}\"",
            "\"{mac.other}\"",
            "unknown value {mac.other}",
        ),
        (
            "[response]\nhash = \"{mac.code}\"\n",
            "",
            "needs [response]",
        ),
        ("\"mac\"", "\"envelope\"", "needs \"payload\""),
    ] {
        assert_wrong(MAC, from, to, expected);
    }
    for (from, to, expected) in [
        (
            "{setting.api}/tokens",
            "{user.id}",
            "unknown value {user.id}",
        ),
        (
            "\"bearer\"",
            "\"token\"",
            "must be bearer, basic, or the name of a header",
        ),
        (
            "\"bearer\"",
            "\"a-b c\"",
            "must be bearer, basic, or the name of a header",
        ),
        ("\"utf8\"", "\"pem\"", "pem or pem-base64 for RS"),
        (
            "{answer.token}",
            "{answer.other}",
            "unknown value {answer.other}",
        ),
        ("{answer.token}", "{token}", "unknown value {token}"),
        (
            "{user.email}",
            "{answer.token}",
            "unknown value {answer.token}",
        ),
        ("token = \"data.token\"", "token = 7", "must be a text"),
        ("lifetime = 600", "", "either lifetime"),
    ] {
        assert_wrong(EXCHANGE, from, to, expected);
    }
}

#[test]
fn a_token_by_the_key_of_all_published_recipes_names_both_sides() {
    let key = "variable = \"ACME_SECRET\"\nencoding = \"utf8\"";
    let published = JWT
        .replace(key, "published = true")
        .replace("alg = \"HS256\"", "alg = \"ES256\"\nkid = \"{key.name}\"");
    let sides = "iss = \"{issuer}\"\naud = \"acme\"\n";
    let whole = published.replace("[claims]\n", &format!("[claims]\n{sides}"));
    assert_eq!(mistakes(&whole), Vec::<String>::new());
    for (from, to) in [
        ("aud = \"acme\"\n", ""),
        (
            "aud = \"acme\"",
            "aud = { value = \"{user.photo}\", optional = true }",
        ),
        ("aud = \"acme\"", "aud = \"{param.room}\""),
        ("aud = \"acme\"", "aud = \"{user.id}\""),
        ("iss = \"{issuer}\"\n", ""),
        ("iss = \"{issuer}\"", "iss = \"https://login.example.org\""),
    ] {
        assert_wrong(&whole, from, to, "needs the claims iss");
    }
}

#[test]
fn a_recipes_name_is_that_of_its_file_and_of_no_other_page() {
    for name in [
        "",
        "Acme",
        "a.b",
        "a/b",
        "a b",
        &"a".repeat(41),
        "login",
        "api",
        "oauth",
    ] {
        assert!(Recipe::parse(name, "x.toml", JWT).is_err(), "{name}");
    }
    for name in ["acme", "a-1", &"a".repeat(40)] {
        assert!(Recipe::parse(name, "x.toml", JWT).is_ok(), "{name}");
    }
}
