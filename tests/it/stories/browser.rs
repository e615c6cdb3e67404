//! A browser without scripts: it keeps its cookie, follows no redirect by itself, and reads pages as text.

use reqwest::{Client, redirect::Policy};

use super::{World, world::PASSWORD};

/// Somebody who has signed in.
pub(super) struct Browser<'w> {
    world: &'w World,
    client: Client,
    email: String,
}

/// An answer of the server.
pub(super) struct Page {
    pub(super) status: u16,
    /// Where it leads on, if it does.
    pub(super) to: String,
    pub(super) body: String,
}

impl<'w> Browser<'w> {
    pub(super) async fn sign_in(world: &'w World, email: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client");
        let browser = Self { world, client, email: email.to_owned() };
        browser.come_back().await;
        browser
    }

    /// Signs in once more: sessions end after a while.
    pub(super) async fn come_back(&self) {
        let page = self.post("/sign-in", &[("id", &self.email), ("pw", PASSWORD), ("next", "/")]).await;
        assert_eq!(page.status, 303, "{}", page.body);
    }

    pub(super) async fn get(&self, path: &str) -> Page {
        let page = Page::read(self.client.get(self.world.url(path))).await;
        assert!(page.status < 500, "{path}: {} {}", page.status, page.text());
        assert_ne!(page.to, "/sign-in", "{path}: the session is over");
        page
    }

    /// Presses a button of a form; the answer is not followed.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = Page::read(self.client.post(self.world.url(path)).form(fields)).await;
        assert!(page.status < 500, "{path}: {} {}", page.status, page.text());
        page
    }

    /// Presses a button that leads on to a page, which is returned.
    pub(super) async fn press(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let done = self.post(path, fields).await;
        assert_eq!(done.status, 303, "{path} {fields:?}: {}", done.text());
        self.get(&done.to).await
    }

    /// Brings a file to a form; returns where that leads.
    pub(super) async fn bring(&self, path: &str, fields: &[(&str, &str)], (name, text): (&str, &str)) -> Page {
        const EDGE: &str = "an-edge-that-no-file-has";
        let mut body = String::new();
        for (field, value) in fields {
            body += &format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        }
        let head =
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv");
        body += &format!("--{EDGE}\r\n{head}\r\n\r\n{text}\r\n--{EDGE}--\r\n");
        let kind = format!("multipart/form-data; boundary={EDGE}");
        Page::read(self.client.post(self.world.url(path)).header("content-type", kind).body(body)).await
    }

    /// Adds a source; returns the path of its page.
    pub(super) async fn add_source(&self, kind: &str, name: &str, url: &str, settings: &[(&str, &str)]) -> String {
        let set: Vec<_> = settings.iter().map(|(key, value)| (format!("set.{key}"), *value)).collect();
        let mut fields = vec![("kind", kind), ("name", name), ("url", url)];
        fields.extend(set.iter().map(|(key, value)| (key.as_str(), *value)));
        let done = self.post("/settings/sources", &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        done.to
    }

    /// Writes a text on a simulated phone.
    pub(super) async fn write(&self, phone: &str, text: &str) {
        let digits = phone.trim_start_matches('+');
        let once = uuid::Uuid::now_v7().to_string();
        let done = self.post(&format!("/simulator/{digits}"), &[("text", text), ("once", &once), ("others", "")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }
}

impl Page {
    async fn read(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.expect("an answer");
        let to = answer.headers().get("location").map(|to| to.to_str().expect("an address").to_owned());
        let status = answer.status().as_u16();
        Self { status, to: to.unwrap_or_default(), body: answer.text().await.expect("a body") }
    }

    /// What a reader sees: no tags, one space between words.
    pub(super) fn text(&self) -> String {
        plain(&self.body)
    }

    /// Every piece of the source that stands between two texts.
    pub(super) fn all_between(&self, before: &str, after: &str) -> Vec<String> {
        let pieces = self.body.split(before).skip(1);
        pieces.filter_map(|piece| piece.split_once(after).map(|(own, _)| own.to_owned())).collect()
    }

    pub(super) fn must_have(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "no {words:?} in {}", self.text());
        self
    }
}

/// What a reader sees of a piece of a page.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let signs = [
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("\u{a0}", " "),
        ("\u{202f}", " "),
    ];
    let plain = signs.iter().fold(text, |text, (sign, letter)| text.replace(sign, letter));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
