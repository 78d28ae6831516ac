/** `brevet doctor`: whether the way to the service works, and what would make Brevet do more for its people. */
import type { Context } from '../context.ts';
import { examine, exitOf } from '../doctor.ts';
import type { ExitCode } from '../exit-codes.ts';
import { doctorLines } from '../render/doctor.ts';

export const doctor = async (context: Context): Promise<ExitCode> => {
  const report = await examine(context);
  context.output.answer(report, doctorLines);
  return exitOf(report);
};
