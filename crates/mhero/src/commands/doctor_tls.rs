//! What `mhero doctor` says of encrypted connections: whether the certificate can be used, by whom, and for how long.

use std::{net::SocketAddr, os::unix::fs::PermissionsExt};

use jiff::{SignedDuration, Timestamp};
use mhero_web::words::Arg;
use mhero_web_tls::Examined;

use super::doctor::{Findings, Verdict};
use crate::{tls, wiring::Place};

/// How long before its end a new certificate should be asked for.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The check in the report.
const CHECK: &str = "tls";

/// Looks at the files of the certificate as they are now.
pub(super) fn look(place: &Place, now: Timestamp, findings: &mut Findings<'_>) {
    let set = &place.settings.server;
    let files = match tls::files(&set.tls) {
        Ok(Some(files)) => files,
        Ok(None) => return open_to_others(place, findings),
        Err(failure) => return findings.failed(CHECK, &failure),
    };
    let examined = match files.examine() {
        Ok(examined) => examined,
        Err(error) => return findings.failed(CHECK, &tls::refused(&error)),
    };
    term(&examined, &set.tls.certificate_file, now, findings);
    let name = &set.tls.name;
    if !name.is_empty() && !examined.is_for(name) {
        let names = match examined.own.names.is_empty() {
            true => findings.words.t("cli-doctor-tls-nobody"),
            false => examined.own.names.join(", "),
        };
        let args = [("name", Arg::Text(name.clone())), ("names", Arg::Text(names))];
        findings.add(CHECK, Verdict::Problem, "cli-doctor-tls-name", &args);
    }
    for authority in examined.authorities.iter().filter(|authority| authority.ends <= now) {
        let args = [
            ("subject", Arg::Text(authority.subject.clone())),
            ("ends", day(authority.ends)),
            ("path", Arg::Text(set.tls.client_ca_file.clone())),
        ];
        findings.add(CHECK, Verdict::Problem, "cli-doctor-tls-authority", &args);
    }
    let is_open = std::fs::metadata(&files.key).is_ok_and(|about| about.permissions().mode() & 0o007 != 0);
    if is_open {
        let args = [("path", Arg::Text(set.tls.key_file.clone()))];
        findings.add(CHECK, Verdict::Problem, "cli-doctor-tls-key-open", &args);
    }
    open_to_others(place, findings);
}

/// From when until when the certificate is good.
fn term(examined: &Examined, path: &str, now: Timestamp, findings: &mut Findings<'_>) {
    let own = &examined.own;
    let args = [
        ("subject", Arg::Text(own.subject.clone())),
        ("begins", day(own.begins)),
        ("ends", day(own.ends)),
        ("path", Arg::Text(path.to_owned())),
    ];
    let (verdict, key) = match own.ends.duration_since(now) {
        left if left <= SignedDuration::ZERO => (Verdict::Problem, "cli-doctor-tls-over"),
        _ if now < own.begins => (Verdict::Problem, "cli-doctor-tls-early"),
        left if left < SOON => (Verdict::Warning, "cli-doctor-tls-soon"),
        _ => (Verdict::Fine, "cli-doctor-tls"),
    };
    findings.add(CHECK, verdict, key, &args);
}

/// Whether passwords may travel in clear over a network.
fn open_to_others(place: &Place, findings: &mut Findings<'_>) {
    let set = &place.settings.server;
    let is_own = set.listen.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
        || set.listen.starts_with("localhost:");
    if !is_own && !set.behind_proxy && !set.secure {
        let args = [("address", Arg::Text(set.listen.clone()))];
        findings.add(CHECK, Verdict::Warning, "cli-doctor-tls-plain", &args);
    }
}

fn day(at: Timestamp) -> Arg {
    Arg::Text(at.strftime("%Y-%m-%d").to_string())
}
