//! What carriers call: who is let in, what is refused in which words, and that a text is stored once.

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, StatusCode, header},
    };
    use mhero_app::{
        App, Caller, Facts, Options,
        messaging::NewChannel,
        ports::{Driver, Words},
    };
    use mhero_core::{Lang, LangMap};
    use mhero_store::{Clock, Location, Store};
    use mhero_web::{WebOptions, router};
    use tower::ServiceExt;

    struct Keys;

    impl Words for Keys {
        fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
            key.to_owned()
        }
    }

    struct Door {
        app: App,
        router: Router,
        /// The path of the Kannel channel.
        path: String,
        /// The query with its secret.
        secret: String,
        _folder: tempfile::TempDir,
    }

    impl Door {
        async fn new(options: WebOptions, settings: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let location = Location::File(folder.path().join("mhero.db"));
            let store = Store::open_and_migrate(&location, Clock::wall()).await.unwrap();
            let drivers: Vec<Arc<dyn Driver>> =
                vec![Arc::new(mhero_channels::Simulator), Arc::new(mhero_channels::Kannel::default())];
            let app = App::new(Options {
                store,
                drivers,
                connectors: Vec::new(),
                words: Arc::new(Keys),
                effector: None,
                seal_key: [7; 32],
            });
            let facts = Facts {
                countries: vec!["LR".into()],
                languages: vec![Lang::ENGLISH],
                zone: "Africa/Monrovia".into(),
                ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
                country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
                short_code: None,
                quiet: None,
                demo: false,
            };
            let caller = Caller::system();
            app.set_facts(&caller, &facts).await.unwrap();
            let base = [("url", "http://127.0.0.1:9"), ("username", "u"), ("password", "p")];
            let config = base.iter().chain(settings).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let new = NewChannel { kind: "kannel".into(), name: "main".into(), config };
            let channel = app.add_channel(&caller, &new).await.unwrap().id;
            let addresses = app.channel_addresses(&caller, channel).await.unwrap();
            let query = addresses[0].1.split_once('?').unwrap().1;
            let secret = query.split('&').next().unwrap().to_owned();
            let router = router(app.clone(), options);
            Self { app, router, path: format!("/c/kn/{channel}"), secret, _folder: folder }
        }

        async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            assert!(answer.headers().get(header::SET_COOKIE).is_none(), "no session for gateways");
            (status, String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
        }

        async fn get(&self, action: &str, query: &str) -> (StatusCode, String) {
            let uri = format!("{}/{action}?{query}", self.path);
            self.ask(Request::get(uri).body(Body::empty()).unwrap()).await
        }

        async fn waiting(&self) -> i64 {
            self.app.store().waiting_intake().await.unwrap().0
        }
    }

    #[tokio::test]
    async fn a_text_is_taken_once_in_either_way_of_writing() {
        let door = Door::new(WebOptions::default(), &[]).await;
        let secret = &door.secret;
        let text =
            format!("{secret}&id=7&ts=2026-11-22+00:46:24&from=%2B231770000001&text=bonjour&charset=UTF-8&coding=0");
        assert_eq!(door.get("receive", &text).await, (StatusCode::OK, String::new()));
        assert_eq!(door.get("receive", &text).await.0, StatusCode::OK);
        assert_eq!(door.waiting().await, 1);
        let form = "id=8&ts=1795308384&sender=%2B231770000001&message=encore";
        let request = Request::post(format!("{}/receive?{secret}", door.path))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")
            // A gateway is no browser: what protects pages from other sites does not concern it.
            .header(header::ORIGIN, "http://elsewhere.example")
            .body(Body::from(form));
        let (status, body) = door.ask(request.unwrap()).await;
        assert!(status == StatusCode::OK && body.contains("Message Accepted"), "{status} {body}");
        assert_eq!(door.waiting().await, 2);
    }

    #[tokio::test]
    async fn what_is_wrong_is_said() {
        let door = Door::new(WebOptions::default(), &[]).await;
        let secret = &door.secret;
        let status = |query: &str| format!("{secret}&{query}");
        for (action, query, expected, words) in [
            ("receive", "from=1&text=x".to_owned(), StatusCode::FORBIDDEN, "secret"),
            ("receive", format!("{secret}x&from=1&text=x"), StatusCode::FORBIDDEN, "secret"),
            ("receive", status("text=x"), StatusCode::BAD_REQUEST, "sender is missing"),
            ("receive", status("from=%2B231770000001"), StatusCode::BAD_REQUEST, "text is missing"),
            ("receive", status("from=nobody&text=x"), StatusCode::BAD_REQUEST, "no phone number"),
            ("status", status("uuid=7&status=1"), StatusCode::BAD_REQUEST, "uuid"),
            ("status", status("uuid=01890a5d-ac96-774b-bcce-b302099a8057"), StatusCode::BAD_REQUEST, "status"),
            ("elsewhere", status(""), StatusCode::NOT_FOUND, "nothing at this address"),
        ] {
            let (found, body) = door.get(action, &query).await;
            assert!(found == expected && body.contains(words), "{action} {query}: {found} {body}");
        }
        let known = "uuid=01890a5d-ac96-774b-bcce-b302099a8057&status=1";
        assert_eq!(door.get("status", &status(known)).await.0, StatusCode::OK, "a report on nothing of ours is over");
        let long = format!("{secret}&from=1&text={}", "x".repeat(17_000));
        assert_eq!(door.get("receive", &long).await.0, StatusCode::BAD_REQUEST);
        let request = |method: &str, path: &str, body: Body| {
            Request::builder().method(method).uri(format!("{path}/receive?{secret}")).body(body).unwrap()
        };
        let path = &door.path;
        assert_eq!(door.ask(request("PUT", path, Body::empty())).await.0, StatusCode::METHOD_NOT_ALLOWED);
        let large = Body::from("x".repeat(70_000));
        assert_eq!(door.ask(request("POST", path, large)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
        for path in [path.replace("/kn/", "/t/"), "/c/kn/7".to_owned(), format!("/c/kn/{}", door.app.new_correlation())]
        {
            assert_eq!(door.ask(request("GET", &path, Body::empty())).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(door.waiting().await, 0);
    }

    #[tokio::test]
    async fn a_gateway_on_the_list_needs_no_secret_and_the_address_is_the_one_our_proxy_tells() {
        let options = WebOptions { behind_proxy: true, ..WebOptions::default() };
        let door = Door::new(options, &[("allow", "10.0.0.0/8")]).await;
        let ask = |told: &'static str| {
            let uri = format!("{}/receive?from=%2B231770000001&text=x", door.path);
            door.ask(Request::get(uri).header("x-forwarded-for", told).body(Body::empty()).unwrap())
        };
        assert_eq!(ask("10.1.2.3").await.0, StatusCode::OK);
        assert_eq!(ask("10.1.2.3, 192.0.2.1").await.0, StatusCode::FORBIDDEN, "only the last entry is our proxy's");
    }
}
