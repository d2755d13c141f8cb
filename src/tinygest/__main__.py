from tinygest.cli import main

main()
