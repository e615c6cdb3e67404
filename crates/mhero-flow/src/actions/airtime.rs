//! `transfer_airtime`

use std::sync::Arc;

use super::{ActionContext, ActionFlow};
use crate::{
    contact::{Urn, channel_of},
    definition::TransferAirtime,
    effects::{Amount, EffectAnswer, Request},
    events::{EventKind, Problem},
};

/// The local variable that holds the transfer's id, empty when nothing was sent.
const TRANSFER_LOCAL: &str = "_new_transfer";

pub(super) fn transfer(action: &TransferAirtime, context: &mut dyn ActionContext) -> ActionFlow {
    let urn = context.contact().urns.iter().find(|urn| urn.scheme() == mhero_core::Urn::TEL).cloned();
    let Some(urn) = urn else {
        context.error(Problem::new("can't transfer airtime to contact without a phone number"));
        context.set_local(TRANSFER_LOCAL, "");
        return ActionFlow::Done;
    };
    let channel = channel_of(&urn).and_then(|channel| context.assets().channel(channel));
    let sender = channel.filter(|channel| !channel.address.is_empty()).map(|channel| {
        let number = mhero_text::phone::tel_path(&channel.address);
        Urn::from_parts(mhero_core::Urn::TEL, number, "", "")
    });
    let recipient = Urn::from_parts(urn.scheme(), urn.path(), "", "");
    let amounts = action.amounts.iter();
    let amounts =
        amounts.map(|(currency, amount)| Amount { currency: currency.clone(), amount: amount.clone() }).collect();
    ActionFlow::Effect(Request::Airtime { sender, recipient, amounts })
}

pub(super) fn answered(context: &mut dyn ActionContext, sender: Option<&Urn>, recipient: &Urn, answer: EffectAnswer) {
    let why = match answer {
        EffectAnswer::Airtime(Ok(answer)) => {
            let sender: Arc<str> = sender.map_or_else(String::new, ToString::to_string).into();
            let uuid = context.log(EventKind::AirtimeCreated {
                external_id: answer.external_id.into(),
                sender,
                recipient: recipient.to_string().into(),
                currency: answer.currency.into(),
                amount: answer.amount,
                http_logs: answer.http_logs,
            });
            return context.set_local(TRANSFER_LOCAL, &uuid.to_string());
        }
        EffectAnswer::Airtime(Err(why)) => why,
        _ => "unable to transfer airtime".to_owned(),
    };
    context.error(Problem::new(why));
    context.set_local(TRANSFER_LOCAL, "");
}
