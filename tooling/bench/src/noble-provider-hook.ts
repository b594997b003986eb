import { registerHooks } from 'node:module';

/** Preloaded where the packages are to run as in a browser: whoever imports primitives gets those of noble. */
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === '@omemo-kit/primitives' ? '@omemo-kit/primitives/noble' : specifier, context),
});
