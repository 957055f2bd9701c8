// GCJ-02, in which Chinese maps for the public are drawn.

import gcoord from 'gcoord'
import { type Datum, shifted } from './datum.ts'

export const GCJ02: Datum = shifted(place => gcoord.transform(place, gcoord.WGS84, gcoord.GCJ02))
