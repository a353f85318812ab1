import type { WebSocket } from 'ws';

/** Pings the other end; calls `onSilent` once when it answered neither of two pings in a row. */
export function startHeartbeat(
  socket: WebSocket,
  intervalMs: number,
  onSilent: () => void,
): { readonly dispose: () => void } {
  let unanswered = 0;
  const onPong = () => {
    unanswered = 0;
  };
  const timer = setInterval(() => {
    if (unanswered >= 2) {
      clearInterval(timer);
      onSilent();
      return;
    }
    unanswered++;
    if (socket.readyState === socket.OPEN) {
      socket.ping();
    }
  }, intervalMs);
  socket.on('pong', onPong);
  return {
    dispose: () => {
      clearInterval(timer);
      socket.off('pong', onPong);
    },
  };
}
