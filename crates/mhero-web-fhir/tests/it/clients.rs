//! Clients of others as they are: fhirpy, fhirclient and fhir-kit-client, with the validators of others on every answer.

use std::path::Path;

use mhero_testkit::{Peer, require};

use super::{
    desk::{Desk, engines},
    register::told_with,
};

#[tokio::test]
async fn clients_of_others_are_served_valid_resources() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/python");
    let node_has = folder.join("node_modules/fhir-kit-client").is_dir().then_some(());
    let python_has = python.join("fhirpy").is_dir().then_some(());
    if require(node_has, "the packages of tests/peers (scripts/npm-install tests/peers)").is_none()
        || require(python_has, "fhirpy (scripts/pip-install tests/peers/requirements.txt)").is_none()
    {
        return;
    }
    let (Some(node), Some(interpreter)) = (Peer::Node.find(), Peer::Python.find()) else { return };
    let desk = Desk::new(engines()[0]).await;
    told_with(&desk, false).await;
    for (program, script) in [(interpreter, "fhir_clients.py"), (node, "fhir-clients.mjs")] {
        let mut command = tokio::process::Command::new(program);
        command.current_dir(&folder).arg(script).env("PYTHONPATH", &python).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("FHIR_BASE", &desk.base).env("FHIR_TOKEN", &desk.token).kill_on_drop(true);
        let ended = command.output().await.expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(ended.status.success(), "{script}: {}\n{}", text(&ended.stdout), text(&ended.stderr));
        eprintln!("{}", text(&ended.stdout).trim());
        desk.rest().await;
    }
}
