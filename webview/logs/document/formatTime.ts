/** `14:02:07.123` in the person's zone, with month and day in front when that is not today; empty for no time. */
export function formatTime(time: string, now: Date): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
  const today =
    date.getDate() === now.getDate() &&
    date.getMonth() === now.getMonth() &&
    date.getFullYear() === now.getFullYear();
  return today ? clock : `${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
