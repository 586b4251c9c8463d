import { ads } from './ads'
import { app } from './app'
import { care } from './care'
import { console } from './console'
import { error } from './error'
import { live } from './live'
import { metric } from './metric'
import { office } from './office'
import { service } from './service'
import { stage } from './stage'
import { text } from './text'
import { traffic } from './traffic'

export const zh = { ads, app, care, console, error, live, metric, office, service, stage, text, traffic } as const
