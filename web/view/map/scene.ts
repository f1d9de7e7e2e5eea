/** The content of a pane: one moment of one recording, independent of the camera. */
import type { BuildInfo } from '../../../src/engine/index.js';
import type { Colouring, Legend } from '../../../src/map/index.js';
import type { Frame } from '../../recordings.js';
import type { Picture } from './picture.js';
import type { RegionColours } from './region-raster.js';

export interface Scene {
  readonly title: string;
  /** The answer about the memory of the frame, and its reason. */
  readonly claim: string;
  readonly reason: string;
  readonly frame: Frame;
  readonly info: BuildInfo;
  readonly picture: Picture;
  readonly legend: Legend;
  readonly colouring: Colouring;
  /** Returns the meaning of an item's colour. */
  readonly meaningOf: (item: number) => string;
  readonly regionColours: RegionColours;
  /** CSS pixels of a page when the whole map is shown. */
  readonly cell: number;
  /** Item in the detail panel, or null. */
  readonly selected: number | null;
}
