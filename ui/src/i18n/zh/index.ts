import { app } from './app'
import { console } from './console'
import { error } from './error'
import { live } from './live'
import { metric } from './metric'
import { office } from './office'
import { service } from './service'
import { stage } from './stage'
import { text } from './text'

export const zh = { app, console, error, live, metric, office, service, stage, text } as const
