/** The web address in what a login wrote, if there is one. */
export function findLink(said: string): string | undefined {
  return /https?:\/\/[^\s"'<>]+/.exec(said)?.[0].replace(/[).,;]+$/, '');
}

/** What a login asks or says: its last line with something in it. */
export function findQuestion(said: string): string | undefined {
  return said
    .split('\n')
    .map(line => line.trim())
    .findLast(line => line !== '');
}
