//! 13.3.0: `@webhook`, which was the answer of a web service, is now about the call; the answer is `@webhook.json`.

use mhero_expr::{Template, TopLevels};

use crate::{Version, rewrite_templates, shape::Map};

pub(super) fn step(flow: &mut Map) {
    let names = TopLevels::flow();
    rewrite_templates(flow, Version::new(13, 2, 0), &mut |text| {
        // The name stands in few texts; parsing all others would be for nothing.
        let there = text.to_lowercase().contains("webhook");
        let template = Template::parse(text, &names).ok().filter(|_| there)?;
        Some(template.renamed("webhook", "webhook.json"))
    });
}
