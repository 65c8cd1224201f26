//! Which decoys addresses get.

use super::*;

const BCRYPT: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
const PBKDF2: &str =
    "$pbkdf2-sha256$i=1000$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const OURS: &str = "$argon2id$v=19$m=7168,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn decoys(key: &str, sample: &[(&str, usize)]) -> Decoys {
    let sample: Vec<String> = sample
        .iter()
        .flat_map(|(hash, count)| vec![(*hash).to_owned(); *count])
        .collect();
    Decoys::only("ours".into()).of_sample(key, &sample, &HashKeys::default())
}

fn addresses() -> impl Iterator<Item = String> {
    (0..10_000).map(|number| format!("user{number}@example.test"))
}

#[test]
fn each_class_is_chosen_as_often_as_it_is_stored() {
    for (sample, expected) in [
        (vec![], [0, 0, 0]),
        (vec![(OURS, 1)], [0, 0, 10_000]),
        (vec![(BCRYPT, 4096)], [10_000, 0, 0]),
        (vec![(BCRYPT, 50), (PBKDF2, 50)], [5000, 5000, 0]),
        (
            vec![(BCRYPT, 10), (PBKDF2, 20), (OURS, 70)],
            [1000, 2000, 7000],
        ),
        (vec![("md5$a$b", 90), (OURS, 10)], [0, 0, 10_000]),
    ] {
        let decoys = decoys("key", &sample);
        let chosen: Vec<Arc<str>> = addresses().map(|address| decoys.draw(&address)).collect();
        let count = |hash: &str| chosen.iter().filter(|chosen| &***chosen == hash).count();
        for (hash, expected) in [BCRYPT, PBKDF2, OURS].into_iter().zip(expected) {
            // Five standard deviations.
            assert!(
                count(hash).abs_diff(expected) < 250,
                "{hash}: {} of {sample:?}",
                count(hash)
            );
        }
        if sample.is_empty() {
            assert_eq!(count("ours"), 10_000);
        }
    }
}

#[test]
fn an_address_keeps_its_decoy_while_the_proportions_hardly_change() {
    let before = decoys("key", &[(BCRYPT, 300), (PBKDF2, 300), (OURS, 400)]);
    let same = decoys("key", &[(OURS, 400), (PBKDF2, 300), (BCRYPT, 300)]);
    let after = decoys("key", &[(BCRYPT, 290), (PBKDF2, 300), (OURS, 410)]);
    let other_key = decoys("other key", &[(BCRYPT, 300), (PBKDF2, 300), (OURS, 400)]);
    let changed = |now: &Decoys| {
        addresses()
            .filter(|a| before.draw(a) != now.draw(a))
            .count()
    };
    assert_eq!(changed(&same), 0);
    assert!((1..300).contains(&changed(&after)), "{}", changed(&after));
    assert!(changed(&other_key) > 5000, "{}", changed(&other_key));
}
