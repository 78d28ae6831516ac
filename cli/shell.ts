/** Words written so that a shell reads them as they are. */

const PLAIN = /^[\w@%+=:,./-]+$/;

export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
