// Names the modules of the API pages as they are imported: `@hovernet/model/node` instead of `model/src/node`.
import { Converter, ReflectionKind } from 'typedoc';

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = `@hovernet/${module.name.replace('/src', '')}`;
    }
  });
}
