//! The ordinary HTTP clients of other people's scripts talk to the server: what a curl or a browser forgives, they may not.

use std::process::Command;

use mhero_testkit::{Peer, Program};

/// Fetches the address it is given and prints the status, the type of the answer and whether it holds a form.
const PYTHON: &str = "
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
    body = answer.read().decode('utf-8')
    print(answer.status, answer.headers.get_content_type(), '<form' in body)
";

/// The same in Node.
const NODE: &str = "
fetch(process.argv[1]).then(async (answer) => {
  const body = await answer.text();
  const type = answer.headers.get('content-type').split(';')[0];
  console.log(answer.status, type, body.includes('<form') ? 'True' : 'False');
});
";

#[test]
fn python_and_node_read_the_sign_in_page() {
    let clients = [(Peer::Python, "-c", PYTHON), (Peer::Node, "-e", NODE)];
    let folder = tempfile::tempdir().unwrap();
    let server = Program::start(folder.path(), ["demo", "--workers", "50"]);
    for (peer, flag, script) in clients {
        let Some(mut command) = peer.command() else { continue };
        assert_eq!(said(command.args([flag, script, &server.url("/sign-in")])), "200 text/html True", "{peer:?}");
    }
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
