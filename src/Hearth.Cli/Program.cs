using Hearth.Cli;

return args switch
{
    ["-v" or "--version", ..] => VersionVerb.Run(),
    ["-h" or "--help", ..] => HelpVerb.Run(),
    ["serve", .. var rest] => ServeVerb.Run(rest),
    _ => ServeVerb.Run(args),
};
