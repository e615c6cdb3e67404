-- Dialogues that networks hold with phones that dialled a code: what was heard last and shown for it, so that a call that comes
-- twice hears the same again. Kept for an hour; the flow's own session stays, whatever becomes of the dialogue.

CREATE TABLE ussd_dialog (
    channel {id} NOT NULL,
    -- The network's own name for it.
    session {text} NOT NULL,
    path {text} NOT NULL,
    -- Answers given so far; 0 while the first is in the making.
    turn {int} NOT NULL,
    -- What had come when the last answer was given.
    heard {text} NOT NULL,
    screen {text} NOT NULL,
    is_over {bool} NOT NULL,
    -- The pages that follow, JSON.
    rest {text} NOT NULL,
    -- Until when messages to this phone wait for the screen in the making.
    held_until {int} NOT NULL,
    version {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (channel, session)
) {strict};
CREATE INDEX ussd_dialog_by_time ON ussd_dialog (at);
