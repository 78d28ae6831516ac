/** Tells whoever runs Brevet what the search for drift comes upon, at once: what happens next takes nothing of it back. */

export interface DriftNews {
  /** New findings. NB. Told before they are remembered: whatever fails in between has them told again, and never left out. */
  found(findings: number): void;
  /** An assignment begins to be removed. */
  removing(): void;
}
