module example.com/stranger

go 1.26
