//! Who stands twice in one registry, and the weights by which people are compared: learned, outgrown, set.

use mhero_app::{
    AppError, Caller,
    linking::{Guard, Level, Odds, PairDecision},
};

use crate::{
    common::{TestApp, engines},
    linking::{Worker, find, import, settle},
};

fn worker(id: &str, n: usize) -> Worker {
    const GIVEN: [&str; 12] = [
        "Martha", "Fatu", "James", "Aissata", "Mamadou", "Ruth", "Prince", "Hawa", "Joseph", "Kebbeh", "Sekou", "Musu",
    ];
    const FAMILY: [&str; 11] =
        ["Kollie", "Kpanna", "Sumo", "Flomo", "Diallo", "Weah", "Zaza", "Karnley", "Tokpa", "Barry", "Camara"];
    Worker {
        id: id.to_owned(),
        given: GIVEN[n % 12].to_owned(),
        family: FAMILY[(n / 12 + n * 7) % 11].to_owned(),
        birth: Some(format!("{}-{:02}-{:02}", 1960 + n % 37, 1 + n % 12, 1 + (n * 5) % 28)),
        phones: vec![format!("07700{n:05}")],
        national: None,
        district: "Lola",
        village: None,
    }
}

#[tokio::test]
async fn somebody_entered_twice_in_one_registry_is_asked_about_and_never_joined_by_a_rule() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        import(&t, "hr", &[worker("HR-1", 1), worker("HR-2", 1), worker("HR-3", 5)]).await;
        settle(&t).await;
        let pairs = t.app.link_pairs(&caller, None).await.expect("pairs");
        assert_eq!(pairs.len(), 1, "{engine:?}");
        assert_eq!(pairs[0].why.guard, Some(Guard::SameSource), "{engine:?}");
        assert!(pairs[0].why.explanation.is_some());
        assert_eq!(t.app.count_audience(&caller, "*").await.expect("a count"), 3);
        // Changed again, and asked about still, but once.
        let mut changed = worker("HR-2", 1);
        changed.village = Some("Bossou".into());
        import(&t, "hr", &[changed]).await;
        settle(&t).await;
        let pairs = t.app.link_pairs(&caller, None).await.expect("pairs");
        assert_eq!(pairs.len(), 1, "{engine:?}");
        let pair = pairs[0].pair.clone();
        let joined = t.app.decide_pair(&caller, pair.left, pair.right, PairDecision::Same, pair.version).await;
        let link = joined.expect("decided").expect("a merge");
        settle(&t).await;
        assert_eq!(find(&t, "HR-1").await, find(&t, "HR-2").await);
        assert_eq!(t.app.count_audience(&caller, "*").await.expect("a count"), 2, "{engine:?}");
        t.app.undo_link(&caller, link).await.expect("taken back");
        settle(&t).await;
        assert_eq!(t.app.count_audience(&caller, "*").await.expect("a count"), 3, "{engine:?}");
        assert_eq!(t.app.count_link_pairs(&caller).await.expect("a count"), 0, "nobody is asked again");
    }
}

#[tokio::test]
async fn weights_are_learned_anew_when_there_are_far_more_people_and_stay_when_somebody_sets_them() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let people = |source: &str, range: std::ops::Range<usize>| -> Vec<Worker> {
            range.map(|n| worker(&format!("{source}-{n}"), n)).collect()
        };
        import(&t, "hr", &people("HR", 0..400)).await;
        import(&t, "chw", &people("CHW", 0..200)).await;
        settle(&t).await;
        let first = t.app.link_weights(&caller).await.expect("weights");
        assert_eq!((first.people, first.is_set), (Some(600), false), "{engine:?}");
        assert_eq!(t.app.count_audience(&caller, "*").await.expect("a count"), 400, "{engine:?}");
        // A few more teach nothing new; half as many again do.
        import(&t, "hr", &people("HR", 400..450)).await;
        settle(&t).await;
        assert_eq!(t.app.link_weights(&caller).await.expect("weights").people, Some(600));
        import(&t, "hr", &people("HR", 450..1_000)).await;
        settle(&t).await;
        let second = t.app.link_weights(&caller).await.expect("weights");
        assert_eq!(second.people, Some(1_000), "{engine:?}");
        // What somebody sets stays, until somebody wants it learned.
        let odds = Odds { m: 0.75, u: 0.002 };
        t.app.set_link_weight(&caller, "birth", Level::Exact, odds).await.expect("set");
        import(&t, "hr", &people("HR", 1_000..1_600)).await;
        settle(&t).await;
        let set = t.app.link_weights(&caller).await.expect("weights");
        assert!(set.is_set);
        let birth = set.model.comparisons.iter().find(|of| of.name == "birth").expect("births are compared");
        assert_eq!(birth.levels[&Level::Exact], odds, "{engine:?}");
        // Everybody is joined who stands in two registries: nothing to learn from. Then many do who are not joined.
        assert_eq!(t.app.learn_link_weights(&caller).await.expect("it is tried"), None, "{engine:?}");
        assert!(t.app.link_weights(&caller).await.expect("weights").is_set, "{engine:?}");
        let mut settings = t.app.linking_settings().await.expect("settings");
        settings.automatic = false;
        t.app.set_linking(&caller, &settings).await.expect("set");
        import(&t, "chw", &people("CHW", 200..600)).await;
        settle(&t).await;
        assert_eq!(t.app.learn_link_weights(&caller).await.expect("learned"), Some(2_000), "{engine:?}");
        assert!(!t.app.link_weights(&caller).await.expect("weights").is_set, "{engine:?}");
        // Those who stand in both, and some of one registry whose names are alike.
        let asked = t.app.count_link_pairs(&caller).await.expect("a count");
        assert!((400..1_000).contains(&asked), "{engine:?}: {asked}");
        let wrong = t.app.set_link_weight(&caller, "birth", Level::Exact, Odds { m: 2.0, u: 0.1 }).await;
        assert!(matches!(&wrong, Err(AppError::Invalid(said)) if said.key == "linking-shares"), "{wrong:?}");
        let wrong = t.app.set_link_weight(&caller, "height", Level::Exact, odds).await;
        assert!(matches!(&wrong, Err(AppError::Invalid(said)) if said.key == "linking-no-level"), "{wrong:?}");
    }
}

#[tokio::test]
async fn groups_by_query_are_asked_for_many_people_at_once_as_for_one() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let people: Vec<Worker> = (0..30).map(|n| worker(&format!("HR-{n}"), n)).collect();
        import(&t, "hr", &people).await;
        let query = |text| mhero_app::groups::KeptBy::Query(text);
        let ruth = t.app.create_group(&caller, "Ruth", query("name ~ Ruth")).await.expect("a group");
        let lola = t.app.create_group(&caller, "Lola", query("place = Lola")).await.expect("a group");
        let asked = [find(&t, "HR-5").await, find(&t, "HR-6").await, find(&t, "HR-17").await];
        let groups = t.app.rule_groups_of(&caller, &asked).await.expect("groups");
        let mut of: Vec<Vec<_>> = asked.iter().map(|person| groups[person].clone()).collect();
        of.iter_mut().for_each(|groups| groups.sort_unstable());
        let mut both = vec![ruth, lola];
        both.sort_unstable();
        assert_eq!(of, [both.clone(), vec![lola], both], "{engine:?}");
        assert!(t.app.rule_groups_of(&caller, &[]).await.expect("nobody").is_empty());
    }
}
