/** Translates a sentence with `{0}`, `{1}` for its values: `vscode.l10n.t`, or its English in unit tests. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** How people are spoken to: their language, their time zone. */
export type Words = {
  readonly t: Translate;
  /**
   * Translates a whole sentence that the daemon or the connection said; one with values in it stays English, with its ISO
   * times as people read them.
   */
  said(sentence: string): string;
  /** `14:02` for an ISO time in UTC, with the day in front when that is not today, and the year of another year. */
  time(iso: string): string;
  /** `23 Nov 2026, 14:02:07` for an ISO time in UTC. */
  exactTime(iso: string): string;
  /** `3 s`, `2 min 5 s` or `1 h 4 min` between two ISO times in UTC. */
  duration(from: string, to: string): string;
};

/** Builds the words for a language and a zone. */
export function buildWords(options: {
  readonly translate: Translate;
  readonly language: string;
  /** The clock; the system's unless told. */
  readonly now?: () => Date;
  readonly zone?: string;
}): Words {
  const { translate: t } = options;
  const times = buildTimes(options);
  return {
    t,
    said: sentence => options.translate(sentence).replace(isoTime, times.time),
    ...times,
    duration: (from, to) => buildDuration(Date.parse(to) - Date.parse(from), t),
  };
}

const isoTime = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The English of a message, for tests and for logs: fills in `{0}`, `{1}`. */
export function fillIn(message: string, ...values: (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

function buildTimes(options: {
  readonly language: string;
  readonly now?: () => Date;
  readonly zone?: string;
}): Pick<Words, 'time' | 'exactTime'> {
  const { language, now = () => new Date() } = options;
  const zone = options.zone === undefined ? {} : { timeZone: options.zone };
  const format = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...parts, hourCycle: 'h23', ...zone });
  const clock = format({ hour: '2-digit', minute: '2-digit' });
  const day = format({ day: 'numeric', month: 'short' });
  const fullDay = format({ dateStyle: 'medium' });
  const year = format({ year: 'numeric' });
  const exact = format({
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return {
    time: iso => {
      const date = new Date(iso);
      if (fullDay.format(now()) === fullDay.format(date)) {
        return clock.format(date);
      }
      const thisYear = year.format(now()) === year.format(date);
      return `${(thisYear ? day : fullDay).format(date)} ${clock.format(date)}`;
    },
    exactTime: iso => exact.format(new Date(iso)),
  };
}

function buildDuration(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) {
    return t('{0} s', seconds);
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? t('{0} min {1} s', minutes, seconds % 60)
    : t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
