/** A clock that goes on when a test says so, in milliseconds. */
export function aClock() {
  let time = 1_000;
  return {
    now: () => time,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}
