//! Sprints of published flows, stored as a server stores them: contact, trigger and resumes are read from JSON, the session is
//! compacted, turned into bytes and read back before each resume and each answer of a web hook. One core.
//!
//! Allocations are not counted: a counting allocator is `unsafe`, which the workspace forbids.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use jiff::Timestamp;
use mhero_expr::{Chance, Context, Env, Object, Template, TopLevels};
use mhero_flow::{
    assets::{Assets, LoadedFlows, StaticAssets},
    contact::Contact,
    definition::{Flow, ReadOptions},
    effects::{EffectAnswer, EffectRequest, HttpAnswer, Request},
    engine::{Engine, Outcome, Seen, Setting, Sprint},
    environment::Environment,
    refs::FlowRef,
    resumes::Resume,
    session::Session,
    triggers::Trigger,
    world::World,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Report;

/// The flows that are compared with other engines.
const FLOWS: [&str; 4] = ["two_questions", "legacy_registration", "subflow", "brochure"];
/// How long each flow runs before it is measured.
const WARM_UP: Duration = Duration::from_secs(2);
/// How long one measurement takes.
const RUN: Duration = Duration::from_millis(700);
/// How often each is measured.
const RUNS: usize = 9;
/// How often small things are measured.
const SMALL_RUNS: usize = 31;
/// Templates in one measurement.
const TEMPLATES: u32 = 20_000;
/// Nodes of the large flow.
const NODES: usize = 1000;

pub(super) fn run(report: &mut Report) -> Result<()> {
    let shared = mhero_testkit::shared_dir().context("the folder of test data is not there; set MHERO_SHARED")?;
    let runner = shared.join("conformance/flow/runner");
    for name in FLOWS {
        let test = Test::read(&runner, name)?;
        let mut world = Quick::default();
        let (sprints, blob) = test.play(&mut world)?;
        if sprints != test.expected_sprints {
            bail!("{name}: {sprints} sprints in place of {}", test.expected_sprints);
        }
        let mut rates = test.measure(&mut world)?;
        let median = super::quantile(&mut rates, 0.5);
        report.figure(&format!("sprints_per_s_{name}"), median);
        let spread = rates.last().copied().unwrap_or_default() - rates.first().copied().unwrap_or_default();
        report.figure(&format!("spread_percent_{name}"), 100.0 * spread / median);
        report.figure(&format!("blob_bytes_{name}"), blob);
    }
    loading(&runner, report)?;
    template(&runner, report)
}

/// One published session test.
struct Test {
    assets: Assets,
    environment: Environment,
    engine: Engine,
    contact: String,
    trigger: String,
    resumes: Vec<String>,
    answers: BTreeMap<String, Vec<u8>>,
    expected_sprints: usize,
}

impl Test {
    fn read(runner: &Path, name: &str) -> Result<Self> {
        let test = file(&runner.join(format!("{name}.test.json")))?;
        let assets = assets(&file(&runner.join(format!("{name}.json")))?)?;
        let list = |key: &str| test[key].as_array().cloned().unwrap_or_default();
        let mocks = test["http_mocks"].as_object().into_iter().flatten();
        let body = |mocks: &Json| mocks[0]["body"].as_str().unwrap_or_default().as_bytes().to_vec();
        Ok(Self {
            assets,
            environment: serde_json::from_value(test["environment"].clone())?,
            engine: Engine::default(),
            contact: test["contact"].to_string(),
            trigger: test["trigger"].to_string(),
            resumes: list("resumes").iter().map(Json::to_string).collect(),
            answers: mocks.map(|(url, mocks)| (url.clone(), body(mocks))).collect(),
            expected_sprints: list("outputs").len(),
        })
    }

    /// Sprints a second, once for each run.
    fn measure(&self, world: &mut Quick) -> Result<Vec<f64>> {
        let mut rates = Vec::new();
        self.for_a_while(world, WARM_UP)?;
        for _ in 0..RUNS {
            rates.push(self.for_a_while(world, RUN)?);
        }
        Ok(rates)
    }

    fn for_a_while(&self, world: &mut Quick, time: Duration) -> Result<f64> {
        let (started, mut sprints) = (Instant::now(), 0_usize);
        while started.elapsed() < time {
            sprints += self.play(world)?.0;
        }
        Ok(real(sprints) / started.elapsed().as_secs_f64())
    }

    /// The whole session: how many sprints, and the bytes of the session at its first wait.
    fn play(&self, world: &mut Quick) -> Result<(usize, f64)> {
        let setting = Setting { assets: &self.assets, environment: &self.environment, call: None };
        let contact: Contact = serde_json::from_str(&self.contact)?;
        let trigger: Trigger = serde_json::from_str(&self.trigger)?;
        let sprint = self.engine.start(setting, contact, trigger, world)?;
        let mut sprint = self.finish(setting, sprint, world)?;
        let mut first = 0.0;
        for (at, resume) in self.resumes.iter().enumerate() {
            sprint.session.compact();
            let blob = sprint.session.to_blob();
            if at == 0 {
                first = real(blob.len());
            }
            let session = Session::from_blob(&blob)?;
            let resume: Resume = serde_json::from_str(resume)?;
            sprint = self.engine.resume(setting, session, sprint.contact, resume, world)?;
            sprint = self.finish(setting, sprint, world)?;
        }
        Ok((1 + self.resumes.len(), first))
    }

    fn finish(&self, setting: Setting<'_>, mut sprint: Sprint, world: &mut Quick) -> Result<Sprint> {
        while let Outcome::NeedsEffect(request) = &sprint.outcome {
            let (key, answer) = (Arc::clone(&request.key), self.answer(request)?);
            let session = Session::from_blob(&sprint.session.to_blob())?;
            sprint = self.engine.answer(setting, session, sprint.contact, &key, answer, world)?;
        }
        Ok(sprint)
    }

    fn answer(&self, request: &EffectRequest) -> Result<EffectAnswer> {
        let Request::Http { calls, .. } = &request.request else { bail!("only web hooks are answered here") };
        let answer = |url: &str| -> Result<HttpAnswer> {
            let body = self.answers.get(url).ok_or_else(|| anyhow!("no answer for {url}"))?.clone();
            let (version, body_size) = ("HTTP/1.1".to_owned(), body.len() as u64);
            Ok(HttpAnswer { status: Some(200), version, body, body_size, ..HttpAnswer::default() })
        };
        calls.iter().map(|call| answer(&call.url)).collect::<Result<_>>().map(EffectAnswer::Http)
    }
}

/// Milliseconds to read assets with the flow of two questions, and to read a flow of 1,000 nodes.
fn loading(runner: &Path, report: &mut Report) -> Result<()> {
    let text = std::fs::read_to_string(runner.join("two_questions.json"))?;
    let mut times = small(|| assets(&serde_json::from_str(&text)?).map(drop))?;
    report.figure("load_ms", super::quantile(&mut times, 0.5));
    let large = large_flow().to_string();
    let mut times = small(|| {
        let flow = Flow::read(serde_json::from_str(&large)?, &ReadOptions::default(), &mut Uuid::new_v4);
        let flow = flow.map_err(|error| anyhow!("{error}"))?;
        if flow.nodes.len() == NODES { Ok(()) } else { Err(anyhow!("{} nodes", flow.nodes.len())) }
    })?;
    report.figure("nodes_1000_ms", super::quantile(&mut times, 0.5));
    Ok(())
}

/// Nanoseconds of `Hi @contact.first_name`: in a context that was built, and from a session with nothing built.
fn template(runner: &Path, report: &mut Report) -> Result<()> {
    let test = Test::read(runner, "two_questions")?;
    let mut world = Quick::default();
    let template = Template::parse("Hi @contact.first_name", &TopLevels::flow())?;
    let contact = Object::new([("contact", Object::new([("first_name", "Ben")]))]);
    let env = Env::new(Timestamp::now(), jiff::tz::TimeZone::UTC);
    let context: &dyn Context = &contact;
    let mut times = small(|| {
        (0..TEMPLATES).for_each(|_| drop(std::hint::black_box(template.render(context, &env))));
        Ok(())
    })?;
    report.figure("ns_hi_first_name", super::quantile(&mut times, 0.5) * 1e6 / f64::from(TEMPLATES));
    let setting = Setting { assets: &test.assets, environment: &test.environment, call: None };
    let contact: Contact = serde_json::from_str(&test.contact)?;
    let trigger: Trigger = serde_json::from_str(&test.trigger)?;
    let sprint = test.engine.start(setting, contact, trigger, &mut world)?;
    let seen = Seen { session: &sprint.session, contact: &sprint.contact, resume: None, run: 0 };
    let mut times = small(|| {
        for _ in 0..TEMPLATES / 20 {
            std::hint::black_box(test.engine.evaluate(setting, &seen, &template, &mut world)?);
        }
        Ok(())
    })?;
    report.figure("ns_hi_first_name_cold", super::quantile(&mut times, 0.5) * 1e6 / f64::from(TEMPLATES / 20));
    Ok(())
}

/// Milliseconds of several runs.
fn small(mut run: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    run()?;
    let timed = (0..SMALL_RUNS).map(|_| {
        let started = Instant::now();
        run().map(|()| started.elapsed().as_secs_f64() * 1e3)
    });
    timed.collect()
}

/// A flow of 1,000 nodes, each with a message, a wait and a case.
fn large_flow() -> Json {
    let id = |kind: u128, n: usize| Uuid::from_u128(0x4000_8000_0000_0000_0000 | kind << 96 | n as u128).to_string();
    let node = |n: usize| {
        json!({
            "uuid": id(1, n),
            "actions": [{"type": "send_msg", "uuid": id(2, n), "text": format!("Hi @contact.first_name, question {n}: @(1 + {n})?")}],
            "router": {
                "type": "switch", "operand": "@input.text", "result_name": format!("Answer {n}"), "wait": {"type": "msg"},
                "categories": [
                    {"uuid": id(3, n), "name": "Yes", "exit_uuid": id(4, n)},
                    {"uuid": id(5, n), "name": "Other", "exit_uuid": id(6, n)},
                ],
                "cases": [{"uuid": id(7, n), "type": "has_any_word", "arguments": ["yes"], "category_uuid": id(3, n)}],
                "default_category_uuid": id(5, n),
            },
            "exits": [{"uuid": id(4, n), "destination_uuid": id(1, (n + 1) % NODES)}, {"uuid": id(6, n)}],
        })
    };
    let nodes: Vec<_> = (0..NODES).map(node).collect();
    json!({
        "uuid": id(8, 0), "name": "Large", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 1,
        "localization": {}, "nodes": nodes,
    })
}

fn assets(json: &Json) -> Result<Assets> {
    let mut flows = LoadedFlows::default();
    for definition in json["flows"].as_array().into_iter().flatten() {
        let metadata = if definition["uuid"].is_string() { definition } else { &definition["metadata"] };
        let uuid = metadata["uuid"].as_str().unwrap_or_default().parse()?;
        let reference = FlowRef::new(uuid, metadata["name"].as_str().unwrap_or_default());
        let flow = Flow::read(definition.clone(), &ReadOptions::default(), &mut Uuid::new_v4);
        flows.add(&reference, flow.map(Arc::new));
    }
    let source = StaticAssets::read(json).map_err(|error| anyhow!("{error}"))?;
    Ok(Assets::new(source, Arc::new(flows)))
}

fn file(path: &Path) -> Result<Json> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&text)?)
}

#[expect(clippy::cast_precision_loss, reason = "a count for a rate")]
fn real(count: usize) -> f64 {
    count as f64
}

/// The machine's clock, and ids and chance from a generator that is quick and good enough to time with.
#[derive(Default)]
struct Quick {
    dice: Arc<Dice>,
}

#[derive(Default)]
struct Dice(AtomicU64);

impl Chance for Dice {
    fn next(&self) -> u64 {
        let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
    }
}

impl Quick {
    fn bytes(&self) -> [u8; 16] {
        let (high, low) = (self.dice.next(), self.dice.next());
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    }
}

impl World for Quick {
    fn now(&mut self) -> Timestamp {
        Timestamp::now()
    }

    fn uuid_v4(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn uuid_v7(&mut self) -> Uuid {
        let milliseconds = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        let bytes = self.bytes();
        let mut random = [0; 10];
        random.copy_from_slice(&bytes[..10]);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    fn chance(&self) -> Arc<dyn Chance> {
        Arc::clone(&self.dice) as Arc<dyn Chance>
    }
}
