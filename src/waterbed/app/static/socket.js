// The line to the server: it opens again by itself when it was lost, and says so.

const TOO_LARGE = 1009;

export function connect({ text, binary, opened, lost }) {
  let socket = null, wait = 500, refused = false;
  const open = () => {
    socket = new WebSocket(`ws://${location.host}/socket`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { refused = false; opened(); };
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") { wait = 500; return binary(data); }
      const message = JSON.parse(data);
      if (message.type === "full") refused = message.most; else wait = 500;
      text(message);
    };
    socket.onclose = ({ code }) => {
      lost(code, refused, Math.round(wait / 1000) || 1);
      if (code === TOO_LARGE) return; // sent again, it would be refused again
      setTimeout(open, wait);
      wait = Math.min(2 * wait, 8000);
    };
  };
  open();
  return {
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
