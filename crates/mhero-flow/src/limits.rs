//! What a session may at most take.

/// The limits of an engine. What goes over them is cut, or is a failure of the session; never a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes visited between two waits.
    pub steps_per_sprint: usize,
    /// Sprints of one session.
    pub sprints_per_session: usize,
    /// Runs of one session.
    pub runs_per_session: usize,
    /// Characters of a text that a template gives.
    pub template_chars: usize,
    /// Characters of a contact field.
    pub field_chars: usize,
    /// Characters of a result.
    pub result_chars: usize,
    /// Characters of a result's extra, as JSON.
    pub extra_chars: usize,
    /// Bytes of a web hook's request.
    pub webhook_request_bytes: usize,
    /// Bytes of a web hook's response body.
    pub webhook_response_bytes: usize,
    /// Addresses of a contact.
    pub urns_per_contact: usize,
    /// Sessions that started one another without anybody having written.
    pub ancestors_since_input: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps_per_sprint: 100,
            sprints_per_session: 500,
            runs_per_session: 500,
            template_chars: 10_000,
            field_chars: 640,
            result_chars: 640,
            extra_chars: 10_000,
            webhook_request_bytes: 256 * 1024,
            webhook_response_bytes: 100_000,
            urns_per_contact: 50,
            ancestors_since_input: 5,
        }
    }
}
