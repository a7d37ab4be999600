/** Let the person of a chat do something; resolves to message and update numbers. */
export async function act(chat, action, given = {}) {
  const answer = await fetch(`/sim/people/${chat}/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(given),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status}`);
  return answer.json();
}

/** Follow a chat: its present state first, then each change; EventSource reconnects by itself. */
export function follow(chat, { onevent, onstate }) {
  const source = new EventSource(`/events/${chat}`);
  source.onmessage = ({ data }) => onevent(JSON.parse(data));
  source.onopen = () => onstate(true);
  source.onerror = () => onstate(false);
  return source;
}
