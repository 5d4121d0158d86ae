env: ‘./fth’: No such file or directory
