-- What flows keep of conversations that are over is forgotten after its time: what is left to forget is found by these.

CREATE INDEX flow_session_spent ON flow_session (ended_at) WHERE ended_at IS NOT NULL AND length(state) > 0;
CREATE INDEX effect_spent ON effect (answered_at) WHERE answered_at IS NOT NULL AND length(request) > 0;
CREATE INDEX who_asked_at ON who_asked (asked_at);
