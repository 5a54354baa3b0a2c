// Which taxonomy `hovernet prepare` takes where none is named.
import { taxonomyOfLayout } from '@hovernet/data';

/** Type ids mean what the layout's data set says; undefined where a configuration file may say more, or no layout is given. */
export function chooseTaxonomy(layout: string | undefined, configFile: string | undefined): string | undefined {
  return layout === undefined || configFile !== undefined ? undefined : taxonomyOfLayout(layout);
}
