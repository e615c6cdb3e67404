//! Addresses of pictures and recordings.

use super::scope::template;

/// An attachment, `image/jpeg:https://...`. The address may lack its server, and the whole may lack its type.
pub(super) fn attachment(text: &str, media_base: &str) -> String {
    let (kind, address) = match text.split_once(':') {
        Some((kind, address)) if !is_scheme(kind) && !kind.starts_with('@') => (kind, address),
        _ => (kind_of(text), text),
    };
    if address.is_empty() { String::new() } else { format!("{kind}:{}", absolute(address, media_base)) }
}

/// An address of a recording.
pub(super) fn absolute(address: &str, media_base: &str) -> String {
    let is_absolute = address.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme));
    if address.is_empty() || is_absolute || address.starts_with('@') || media_base.is_empty() {
        return template(address);
    }
    format!("{}/{}", media_base.trim_end_matches('/'), template(address.trim_start_matches('/')))
}

fn is_scheme(text: &str) -> bool {
    ["http", "https"].iter().any(|scheme| scheme.eq_ignore_ascii_case(text))
}

/// The kind of a file by its name; most were pictures.
fn kind_of(address: &str) -> &'static str {
    let path = address.split('?').next().unwrap_or_default();
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    match extension.as_str() {
        "mp3" | "m4a" | "wav" | "ogg" | "oga" | "aac" | "amr" => "audio",
        "mp4" | "avi" | "mov" | "3gp" | "webm" => "video",
        "pdf" => "application/pdf",
        _ => "image",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_whole() {
        let base = "https://myfiles.com/";
        for (old, new) in [
            ("image/jpeg:a/b.jpg", "image/jpeg:https://myfiles.com/a/b.jpg"),
            ("/a/b.mp3", "audio:https://myfiles.com/a/b.mp3"),
            ("http://x.org/a.mp4?b=1", "video:http://x.org/a.mp4?b=1"),
            ("image:@flow.photo", "image:@results.photo"),
            ("@flow.photo", "image:@results.photo"),
            ("image:", ""),
        ] {
            assert_eq!(attachment(old, base), new, "{old}");
        }
        assert_eq!(attachment("image:a.jpg", ""), "image:a.jpg");
    }
}
