/**
 * Keeps what somebody else wrote (an author's name, a commit's subject) from moving what stands beside it: where it is
 * written from right to left, a time behind it would be drawn before it. For rows and messages; in a document the
 * editor shows the two marks.
 */
export function isolateText(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
