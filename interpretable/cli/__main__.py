from interpretable.cli import main

main()
