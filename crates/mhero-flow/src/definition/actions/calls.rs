//! Actions that call out.

use std::sync::Arc;

use mhero_expr::Number;

use crate::{
    definition::Text,
    refs::{ClassifierRef, LlmRef},
};

/// `call_classifier`: no longer works, kept so that old flows load.
#[derive(Clone, Debug)]
pub struct CallClassifier {
    /// The classifier, which newer definitions leave out.
    pub classifier: Option<ClassifierRef>,
    /// The text to classify.
    pub input: Text,
    /// The result it is saved in.
    pub result_name: Arc<str>,
}

/// `call_llm`.
#[derive(Clone, Debug)]
pub struct CallLlm {
    /// The language model.
    pub llm: LlmRef,
    /// What it is to do.
    pub instructions: Text,
    /// What it is to do that with.
    pub input: Text,
    /// The local variable that gets its answer.
    pub output_local: Arc<str>,
}

/// `call_resthook`.
#[derive(Clone, Debug)]
pub struct CallResthook {
    /// The short name of the resthook.
    pub resthook: Arc<str>,
    /// The result it is saved in.
    pub result_name: Option<Arc<str>>,
}

/// `call_webhook`.
#[derive(Clone, Debug)]
pub struct CallWebhook {
    /// The method in capitals, e.g. `POST`.
    pub method: Arc<str>,
    /// The address.
    pub url: Text,
    /// The headers, in the order of the definition.
    pub headers: Vec<(Arc<str>, Text)>,
    /// The body.
    pub body: Option<Text>,
    /// The result it is saved in.
    pub result_name: Option<Arc<str>>,
}

/// `transfer_airtime`.
#[derive(Clone, Debug)]
pub struct TransferAirtime {
    /// The amount by currency, in the order of the definition.
    pub amounts: Vec<(Arc<str>, Number)>,
}
