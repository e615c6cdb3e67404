//! A role and where it holds, in words.

use mhero_app::rows::Grant;

use crate::{errors::Fault, state::Signed};

/// The role and the place or programme of a grant: "district officer", "Lofaye".
pub(crate) async fn said(signed: &Signed, grant: &Grant) -> Result<(String, String), Fault> {
    let role = signed.page.t(&format!("role-{}", grant.role));
    let lang = signed.caller.language;
    let mut limits = Vec::new();
    if let Some(place) = grant.place {
        limits.extend(signed.app.place_name(place, lang).await?);
    }
    if let Some(programme) = grant.programme {
        let all = signed.app.programmes().await?;
        limits.extend(all.iter().find(|one| one.id == programme).map(|one| one.name.best(lang).to_owned()));
    }
    let limited = limits.join(", ");
    Ok((role, if limited.is_empty() { signed.page.t("settings-whole-country") } else { limited }))
}
