// An SMS centre of the npm package `smpp`: takes binds and texts, sends receipts and what phones write. Orders come as JSON lines on
// standard input, what it took goes out as JSON lines on standard output.
//
//   {"deliver":{"from":"231770000001","text":"STOP"}}   one line of standard input
import { createInterface } from "node:readline";
import smpp from "smpp";

const sessions = new Set();
let taken = 0;
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function receipt(session, pdu, id) {
  const at = "2611220900";
  session.deliver_sm({
    source_addr: pdu.destination_addr,
    source_addr_ton: pdu.dest_addr_ton,
    source_addr_npi: pdu.dest_addr_npi,
    destination_addr: pdu.source_addr,
    esm_class: 4,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:${at} done date:${at} stat:DELIVRD err:000 text:`,
    receipted_message_id: id,
    message_state: 2,
  });
}

const server = smpp.createServer({}, (session) => {
  session.on("error", () => sessions.delete(session));
  session.on("close", () => sessions.delete(session));
  const bind = (pdu) => {
    const is_known = pdu.system_id === "moh" && pdu.password === "secret08";
    session.send(pdu.response(is_known ? {} : { command_status: smpp.ESME_RINVPASWD }));
    if (is_known) sessions.add(session);
    say({ bound: is_known });
  };
  for (const command of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) session.on(command, bind);
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("submit_sm", (pdu) => {
    taken += 1;
    const id = (0x1000 + taken).toString(16);
    const { short_message, message_payload } = pdu;
    const body = message_payload ?? short_message;
    const part = short_message.udh?.length ? [...short_message.udh[0]] : undefined;
    say({ to: pdu.destination_addr, from: pdu.source_addr, text: body.message.toString(), coding: pdu.data_coding, part });
    session.send(pdu.response({ message_id: id }));
    if (pdu.registered_delivery & 1) receipt(session, pdu, id);
  });
});

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));

createInterface({ input: process.stdin }).on("line", (line) => {
  const { deliver } = JSON.parse(line);
  const session = [...sessions].at(-1);
  session?.deliver_sm(
    {
      source_addr: deliver.from,
      source_addr_ton: 1,
      source_addr_npi: 1,
      destination_addr: "4636",
      short_message: deliver.text,
    },
    (answer) => say({ acknowledged: answer.command_status }),
  );
});
process.stdin.on("end", () => process.exit(0));
