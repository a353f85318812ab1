/** Answers a request of the agent's HTTP interface. */
export function routes(state, request, response) {
  const { pathname } = new URL(request.url, 'http://agent');
  if (pathname === '/healthz') {
    return answer(response, 200, 'ok');
  }
  if (pathname === '/ready') {
    return answer(response, state.ready ? 200 : 503, state.ready ? 'ready' : 'not ready');
  }
  if (pathname === '/api/agents') {
    return answer(response, 200, JSON.stringify([...state.agents.values()]));
  }
  const agent = /^\/api\/agents\/(\d+)\/tasks$/.exec(pathname);
  if (agent) {
    const tasks = state.agents.get(agent[1])?.tasks ?? [];
    return answer(response, 200, JSON.stringify(tasks.filter(task => !task.finished)));
  }
  return answer(response, 404, 'no such page');
}

function answer(response, status, text) {
  response.writeHead(status).end(text);
}
