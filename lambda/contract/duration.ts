/** Durations as people write them: `PT1H30M` (ISO 8601) or `1h30m`, in whole seconds. */

const ISO = /^P(?:(?<days>\d{1,5})D)?(?:T(?:(?<hours>\d{1,6})H)?(?:(?<minutes>\d{1,8})M)?(?:(?<seconds>\d{1,9})S)?)?$/;
const SHORT = /^(?:(?<days>\d{1,5})d)?(?:(?<hours>\d{1,6})h)?(?:(?<minutes>\d{1,8})m)?(?:(?<seconds>\d{1,9})s)?$/;

/** Seconds, or undefined when the text is no duration; zero, negative and fractional ones are none either. */
export const parseDuration = (text: string): number | undefined => {
  const parts = (ISO.exec(text) ?? SHORT.exec(text.toLowerCase()))?.groups;
  if (!parts) return undefined;
  const of = (name: string): number => Number(parts[name] ?? 0);
  const seconds = ((of('days') * 24 + of('hours')) * 60 + of('minutes')) * 60 + of('seconds');
  return seconds > 0 ? seconds : undefined;
};

/** Splits whole seconds into `[hours, minutes, seconds]`. */
const split = (seconds: number): [number, number, number] => [
  Math.floor(seconds / 3600),
  Math.floor((seconds % 3600) / 60),
  seconds % 60,
];

/** ISO 8601 form, `PT1H30M`. Hours are not folded into days, which are not always 24 hours long. */
export const toIsoDuration = (durationSeconds: number): string => {
  const [hours, minutes, seconds] = split(durationSeconds);
  const text = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  return `PT${text || '0S'}`;
};

/** Form for people, `1h 30m`. */
export const toReadableDuration = (durationSeconds: number): string => {
  const [hours, minutes, seconds] = split(durationSeconds);
  const parts = [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter(Boolean);
  return parts.join(' ') || '0s';
};
